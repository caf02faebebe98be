import { messageOfTurn, settingsAgain, type Turn } from "../../chat/index.ts";
import { decodingKnobs, type DecodingSettings } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { draftOf, shownMessage } from "../editor/draft.ts";
import { edit } from "../editor/editor.ts";
import type { EditorState } from "../editor/state.ts";
import { beginAnswer, showAll } from "./answer.ts";
import { sayOn } from "./notices.ts";
import { update, type ChatState, type Move, type Update } from "./state.ts";

const underWay: Readonly<Record<Move, string>> = {
  resume: "An earlier conversation is being opened. Wait until it is here",
  compare: "A comparison was asked for. Wait until it is done",
  model: "Another model is being loaded. Wait until it is here",
  "next model": "Another model is being loaded. Wait until it is here",
};

/** What else must be done first, in a sentence; undefined: nothing was asked for. */
export function waitFor({ moving }: ChatState, then: string): string | undefined {
  return moving && `${underWay[moving]}, then ${then}.`;
}

/**
 * The page with all that was said, for what would change it.
 * @throws UserError usage: an answer is being decoded, or something else that changes the page was asked for
 */
export function settled(state: ChatState, then: string): ChatState {
  const { answer } = state;
  if (answer?.running === true)
    throw new UserError("usage", `An answer is being decoded. Press Esc to stop it, then ${then}.`);
  const wait = waitFor(state, then);
  if (wait !== undefined) throw new UserError("usage", wait);
  return withoutEditing(showAll(state));
}

/** @throws UserError usage: nothing was asked yet */
function lastTurn({ turns }: ChatState): Turn {
  const last = turns.at(-1);
  if (last === undefined) throw new UserError("usage", "Nothing was asked yet: type a message first.");
  return last;
}

/**
 * Decodes the last answer again, and says on the page what differs.
 * @throws UserError usage
 */
export function askAgain(state: ChatState, change: Partial<DecodingSettings>): Update {
  const idle = settled(state, "ask again");
  const last = lastTurn(state);
  const settings = { ...settingsAgain(last.reply, state.settings), ...change };
  const noted = sayOn(idle, againText(last.reply.settings, settings, outcomeOf(last, state)), "dim");
  return update(beginAnswer(noted, shownMessage(messageOfTurn(last))), { type: "again", change });
}

/** At temperature 0 a seed changes nothing: then the answer is drawn at 0.7. */
export function askWithSeed(state: ChatState, seed?: number): Update {
  const { reply } = lastTurn(state);
  const { seed: old, temperature } = settingsAgain(reply, state.settings);
  const drawn = temperature > 0 ? {} : { temperature: 0.7 };
  return askAgain(state, { seed: seed ?? (old + 1) % 2 ** 32, ...drawn });
}

/** What can be promised of a turn that is decoded again as it was. Another model's has no events. */
function outcomeOf(turn: Turn, { uncached = [] }: ChatState): string {
  if (turn.events.length === 0) return "";
  const isSame = !uncached.includes(turn) && !turn.events.some(({ type }) => type === "device_changed");
  return isSame
    ? ": the same answer"
    : ", but what was said before is computed anew: rounding may change the answer";
}

/** @param outcome what comes of it with nothing turned */
function againText(before: DecodingSettings, after: DecodingSettings, outcome: string): string {
  const changed = decodingKnobs.filter(({ key }) => before[key] !== after[key]);
  const words = changed.map(({ key, name }) => `${name} ${after[key]} (was ${before[key]})`);
  if (words.length > 0) return `Again, with ${words.join(", ")}.`;
  const seed = after.temperature > 0 ? `, seed ${after.seed}` : "";
  return `Again with the same settings${seed}${outcome}.`;
}

/** Takes the last turn back; its message comes to the prompt. @throws UserError usage */
export function undoTurn(state: ChatState): Update {
  const idle = settled(state, "take it back");
  const last = lastTurn(state);
  const kept = state.turns.length - 1;
  const where = kept === 0 ? "Back to the beginning." : `Back to message ${kept}.`;
  const said = sayOn(idle, `${where} What was taken back is in the prompt.`, "dim");
  const editor = withTurn(said.editor, last);
  return update({ ...said, editor, turns: state.turns.slice(0, kept) }, { type: "rewind", turns: kept });
}

/**
 * Puts message `number` (1 is the first) into the prompt: sent, the conversation goes on from there.
 * @throws UserError usage
 */
export function editTurn(state: ChatState, number: number): Update {
  const idle = settled(state, "edit");
  lastTurn(state);
  const turn = state.turns[number - 1];
  if (turn === undefined)
    throw new UserError("usage", `There is no message ${number}: the last one is ${state.turns.length}.`);
  return update({ ...idle, editor: withTurn(idle.editor, turn), editing: number });
}

/** The prompt with a turn's message as it was typed. */
function withTurn(editor: EditorState, turn: Turn): EditorState {
  const draft = (chips: readonly string[]) => draftOf(messageOfTurn(turn), chips);
  return edit(editor, { type: "restore", draft });
}

/** Leaves the conversation as it is. */
export function withoutEditing(state: ChatState): ChatState {
  const { editing: _, ...rest } = state;
  return rest;
}
