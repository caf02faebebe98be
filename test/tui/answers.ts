import * as fc from "fast-check";
import { defaultSettings, type DecodingSettings, type EngineEvent } from "../../src/engine/index.ts";
import { ByteLevelText } from "../../src/model/token-text.ts";
import type { TokenText } from "../../src/model/index.ts";
import type { ModelFacts } from "../../src/tui/models.ts";
import { immediatePace } from "../../src/tui/pacing.ts";
import { initialState, type ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { submit } from "../../src/tui/store/sending.ts";

const stop = 0;
const mask = 1;

/** A vocabulary of the given texts: the tokens 2, 3, 4, ... */
export function tokensOf(texts: readonly string[]): TokenText {
  const encoder = new TextEncoder();
  return new ByteLevelText({
    bytes: (id) => encoder.encode(texts[id - 2] ?? ""),
    name: (id) => `<${id}>`,
    stopTokenIds: [stop],
    maskTokenId: mask,
  });
}

export interface Script {
  /** tokens of the answer as text */
  readonly texts: readonly string[];
  readonly blockLength: number;
  /** decides which slot resolves next */
  readonly order: readonly number[];
  readonly confidence: readonly number[];
}

export const settingsFor = (blockLength: number): DecodingSettings => defaultSettings(blockLength);

/** What an engine would say while it decodes the script's tokens: a slot a step, in the script's order, then a stop. */
export function eventsOf({ texts, blockLength, order, confidence }: Script): EngineEvent[] {
  const settings = settingsFor(blockLength);
  const ids = [...texts.map((_, index) => index + 2), stop];
  const events: EngineEvent[] = [{ type: "prefilled", promptTokens: 10, reusedTokens: 0, milliseconds: 5 }];
  let passes = 0;
  for (let first = 0; first < ids.length; first += blockLength) {
    const block = first / blockLength;
    const wanted = ids.slice(first, first + blockLength);
    const start = 10 + first;
    const open = wanted.map((_, index) => index);
    events.push({ type: "block_opened", block, start, ids: wanted.map(() => mask), settings });
    for (let step = 0; open.length > 0; step++) {
      const chosen = open[(order[passes % order.length] ?? 0) % open.length] ?? 0;
      const slots = open.map((index) => ({
        position: start + index,
        token: wanted[index] ?? stop,
        confidence: confidence[(first + index) % confidence.length] ?? 1,
        runnersUp: [],
        unmasked: index === chosen,
      }));
      open.splice(open.indexOf(chosen), 1);
      passes += 1;
      events.push({
        type: "denoised",
        block,
        step,
        slots,
        settings,
        rows: 4,
        milliseconds: 1,
        elapsed: passes,
      });
    }
    events.push({ type: "block_finished", block, start, ids: wanted });
  }
  const counts = { prefill: 1, denoise: passes, commit: 0, fused: 0 };
  events.push({ type: "finished", reason: "stop", ids, borders: [], passes: counts, milliseconds: passes });
  return events;
}

/** A published SDAR, as most are: trained at blocks of 4. */
export const model: ModelFacts = { name: "small", blockContext: "block", trainedBlockLengths: [4] };

/** A chat with a loaded model of that vocabulary. */
export function openChat(tokens: TokenText, changes: Partial<ChatState> = {}): ChatState {
  const view = { pace: immediatePace, motion: true };
  const fresh = initialState({ settings: settingsFor(4), model, history: [], view, contextLimit: 1000 }, 0);
  return { ...happen(fresh, { type: "ready", tokens }, 0).state, ...changes };
}

/** The states of a chat in which a message was sent and the script is being answered, one after each event. */
export function answering(script: Script, message = "hello", from?: ChatState): ChatState[] {
  const states = [submit(from ?? openChat(tokensOf(script.texts)), message).state];
  for (const [index, event] of eventsOf(script).entries()) {
    states.push(happen(states.at(-1) ?? openChat(tokensOf([])), { type: "event", event }, index).state);
  }
  return states;
}

const hostile = [
  "\u001B[2J",
  "\u001B]0;title\u0007",
  "\u001B[10A",
  "\r",
  "\u0007",
  "\u202Eabc",
  "\u2066",
  "\u009B31m",
  "\t",
  "\u00AD",
  "日本語",
  "한국어",
  "👩‍👩‍👧‍👦",
  "🇩🇪",
  "é",
  "e\u0301\u0301\u0301",
  "नमस्ते",
  "สวัสดี",
  "\n",
  "\n\n",
  "```",
  "```\n",
  " ",
  "   ",
  "░",
];

/** Tokens as a model might make them, the worst included. */
export const tokenTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^ [a-z]{1,12}$/) },
  { weight: 2, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{100,300}$/) },
);

export const scripts: fc.Arbitrary<Script> = fc.record({
  texts: fc.array(tokenTexts, { minLength: 1, maxLength: 40 }),
  blockLength: fc.constantFrom(1, 2, 4, 8, 16),
  order: fc.array(fc.nat(16), { minLength: 1, maxLength: 8 }),
  confidence: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
});
