import { nextBoundary, previousBoundary, snap } from "../text/graphemes.ts";
import { editable } from "../text/sanitize.ts";
import { chipText, isLong, newChip, withoutChips, type Chipped } from "./chips.ts";
import { vertically } from "./rows.ts";
import type { EditorState, Snapshot } from "./state.ts";
import { lineEnd, lineStart, wordLeft, wordRight, spacedWordLeft } from "./motion.ts";

export type EditorAction =
  | { readonly type: "insert"; readonly text: string }
  | { readonly type: "replace"; readonly text: string }
  /** a message comes back, with its chips */
  | { readonly type: "restore"; readonly draft: (chips: readonly string[]) => Chipped }
  | { readonly type: "paste"; readonly text: string }
  /** the part from..to of the text becomes another; UTF-16 indexes */
  | { readonly type: "splice"; readonly from: number; readonly to: number; readonly text: string }
  | { readonly type: "up" | "down"; readonly width: number }
  | { readonly type: keyof typeof simpleActions };

const undoLimit = 200;

/** One key's worth of editing; pure. An action that can do nothing gives the state back as it is. */
export function edit(state: EditorState, action: EditorAction): EditorState {
  const next = apply(state, action);
  const cursor = snap(next.text, next.cursor);
  return cursor === next.cursor ? next : { ...next, cursor };
}

/** An empty prompt; undo brings back what stood in it. */
export function cleared(state: EditorState): EditorState {
  return edit(state, { type: "replace", text: "" });
}

function apply(state: EditorState, action: EditorAction): EditorState {
  if (action.type === "insert") return insert(state, editable(action.text));
  if (action.type === "replace") return replaced(state, withoutChips(action.text));
  if (action.type === "restore") return restored(state, action.draft(state.chips));
  if (action.type === "paste") return paste(state, editable(action.text));
  if (action.type === "splice")
    return change(state, ...spliced(state, action.from, action.to, action.text), "other");
  if (action.type === "up" || action.type === "down") {
    return vertically(state, action.type === "up" ? -1 : 1, action.width);
  }
  return simpleActions[action.type](state);
}

/** What needs nothing but the prompt. */
const simpleActions = {
  left: (state) => moveTo(state, previousBoundary(state.text, state.cursor)),
  right: (state) => moveTo(state, nextBoundary(state.text, state.cursor)),
  wordLeft: (state) => moveTo(state, wordLeft(state.text, state.cursor)),
  wordRight: (state) => moveTo(state, wordRight(state.text, state.cursor)),
  home: (state) => moveTo(state, lineStart(state.text, state.cursor)),
  end: (state) => moveTo(state, lineEnd(state.text, state.cursor)),
  backspace: (state) => remove(state, previousBoundary(state.text, state.cursor), state.cursor),
  delete: (state) => remove(state, state.cursor, nextBoundary(state.text, state.cursor)),
  killToEnd: (state) => kill(state, state.cursor, endOrNextLine(state.text, state.cursor)),
  killToStart: (state) => kill(state, lineStart(state.text, state.cursor), state.cursor),
  killWordLeft: (state) => kill(state, wordLeft(state.text, state.cursor), state.cursor),
  killSpacedWordLeft: (state) => kill(state, spacedWordLeft(state.text, state.cursor), state.cursor),
  killWordRight: (state) => kill(state, state.cursor, wordRight(state.text, state.cursor)),
  yank: (state) =>
    state.killed === ""
      ? state
      : change(state, ...spliced(state, state.cursor, state.cursor, state.killed), "other"),
  undo: undone,
  /** the chip at the cursor, or before it, becomes what it stands for */
  expand: expanded,
} satisfies Record<string, (state: EditorState) => EditorState>;

function moveTo(state: EditorState, cursor: number): EditorState {
  const { goal: _, ...rest } = state;
  return { ...rest, cursor, last: "other" };
}

function insert(state: EditorState, added: string): EditorState {
  if (added === "") return state;
  const [text, cursor] = spliced(state, state.cursor, state.cursor, added);
  // Typing is undone a word at a time: a new step begins where a space or a paste does.
  const joins = state.last === "typing" && added.length <= 2 && added !== " " && added !== "\n";
  if (!joins) return change(state, text, cursor, "typing");
  return { ...moveTo(state, cursor), text, last: "typing" };
}

/** A long one becomes a chip, while there are any. */
function paste(state: EditorState, pasted: string): EditorState {
  if (pasted === "") return state;
  const made = isLong(pasted) ? newChip(state.chips, pasted) : undefined;
  if (made === undefined)
    return change(state, ...spliced(state, state.cursor, state.cursor, pasted), "other");
  const next = change(state, ...spliced(state, state.cursor, state.cursor, made.chip), "other");
  return { ...next, chips: made.chips };
}

function replaced(state: EditorState, text: string): EditorState {
  return change(state, text, text.length, "other");
}

function restored(state: EditorState, { text, chips }: Chipped): EditorState {
  return { ...change(state, text, text.length, "other"), chips };
}

function expanded(state: EditorState): EditorState {
  const { text, chips, cursor } = state;
  for (const at of [cursor, cursor - 1]) {
    const pasted = chipText(chips, text.charAt(at));
    if (pasted !== undefined) return change(state, ...spliced(state, at, at + 1, pasted), "other");
  }
  return state;
}

function remove(state: EditorState, from: number, to: number): EditorState {
  return from === to ? state : change(state, ...spliced(state, from, to, ""), "other");
}

function kill(state: EditorState, from: number, to: number): EditorState {
  if (from === to) return state;
  const taken = state.text.slice(from, to);
  const before = state.last === "kill" ? state.killed : "";
  const killed = from < state.cursor ? taken + before : before + taken;
  return { ...change(state, ...spliced(state, from, to, ""), "kill"), killed };
}

function spliced(
  { text }: Snapshot,
  from: number,
  to: number,
  added: string,
): [text: string, cursor: number] {
  return [text.slice(0, from) + added + text.slice(to), from + added.length];
}

function change(state: EditorState, text: string, cursor: number, last: EditorState["last"]): EditorState {
  const undo = [...state.undo, { text: state.text, cursor: state.cursor }].slice(-undoLimit);
  return { text, chips: state.chips, cursor, killed: state.killed, undo, last };
}

function undone(state: EditorState): EditorState {
  const before = state.undo.at(-1);
  if (before === undefined) return state;
  const { chips, killed } = state;
  return { ...before, chips, killed, undo: state.undo.slice(0, -1), last: "other" };
}

/** At the end of a line its line feed is what is left to cut. */
function endOrNextLine(text: string, cursor: number): number {
  return text[cursor] === "\n" ? cursor + 1 : lineEnd(text, cursor);
}
