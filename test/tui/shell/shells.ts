import { immediatePace } from "../../../src/tui/pacing.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { ChatShell, type Surroundings } from "../../../src/tui/shell/chat-shell.ts";
import { initialState } from "../../../src/tui/store/state.ts";
import { chatWith, openTiny, shortAnswers } from "../../chat/chats.ts";
import { model } from "../answers.ts";

export const plain = { ctrl: false, meta: false, shift: false };
export const enter = { ...plain, return: true };

const nothing = () => {};

/** A chat on no terminal, with a tiny model that answers with so many tokens at most. */
export async function openShell(maxTokens: number) {
  const settings = { ...shortAnswers, maxTokens, threshold: 1 };
  const conversation = chatWith(await openTiny(), { settings });
  const view = { pace: immediatePace, motion: true };
  const state = initialState({ settings, model, history: [], view, contextLimit: 1000 }, 0);
  const left = Promise.withResolvers<void>();
  const around: Surroundings = {
    frame: (now) => nextFrame(now, { columns: 80, rows: 24 }, unicodeGlyphs),
    show: nothing,
    promptWidth: () => 76,
    canDraw: () => true,
    remember: nothing,
    copy: (text) => Promise.resolve(text),
    suspend: nothing,
    compose: (text) => Promise.resolve(text),
    replay: nothing,
    repaint: nothing,
    quit: () => void shell.leave().then(left.resolve, left.reject),
    fail: left.reject,
  };
  const shell = new ChatShell(state, around, () => performance.now());
  shell.attach(conversation);
  return { shell, conversation, left: left.promise };
}
