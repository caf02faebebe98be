import { nextBoundary, previousBoundary, snap } from "../text/graphemes.ts";
import { lineEnd, lineStart, wordLeft, wordRight, spacedWordLeft } from "./motion.ts";
import { moveVertically } from "./layout.ts";

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** The prompt under the cursor. `cursor` is a UTF-16 index on a grapheme boundary. */
export interface EditorState extends Snapshot {
  /** what the last kills took, for yank */
  readonly killed: string;
  readonly undo: readonly Snapshot[];
  /** the kind of the last change: typing is undone by words, kills in a row join */
  readonly last: "typing" | "kill" | "other";
  /** cells from the left that up and down try to keep */
  readonly goal?: number;
}

export type EditorAction =
  | { readonly type: "insert"; readonly text: string }
  | { readonly type: "replace"; readonly text: string }
  /** the part from..to of the text becomes another; UTF-16 indexes */
  | { readonly type: "splice"; readonly from: number; readonly to: number; readonly text: string }
  | { readonly type: "up" | "down"; readonly width: number }
  | { readonly type: keyof typeof simpleActions };

export const emptyEditor: EditorState = { text: "", cursor: 0, killed: "", undo: [], last: "other" };

const undoLimit = 200;

/** One key's worth of editing; pure. An action that can do nothing gives the state back as it is. */
export function edit(state: EditorState, action: EditorAction): EditorState {
  const next = apply(state, action);
  const cursor = snap(next.text, next.cursor);
  return cursor === next.cursor ? next : { ...next, cursor };
}

function apply(state: EditorState, action: EditorAction): EditorState {
  if (action.type === "insert") return insert(state, action.text);
  if (action.type === "replace") return change(state, action.text, action.text.length, "other");
  if (action.type === "splice")
    return change(state, ...spliced(state, action.from, action.to, action.text), "other");
  if (action.type === "up" || action.type === "down") {
    return { ...state, ...moveVertically(state, action.type === "up" ? -1 : 1, action.width) };
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
} satisfies Record<string, (state: EditorState) => EditorState>;

function moveTo(state: EditorState, cursor: number): EditorState {
  const { goal: _, ...rest } = state;
  return { ...rest, cursor, last: "other" };
}

function insert(state: EditorState, added: string): EditorState {
  const [text, cursor] = spliced(state, state.cursor, state.cursor, added);
  // Typing is undone a word at a time: a new step begins where a space or a paste does.
  const joins = state.last === "typing" && added.length <= 2 && added !== " " && added !== "\n";
  if (!joins) return change(state, text, cursor, "typing");
  return { ...moveTo(state, cursor), text, last: "typing" };
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
  return { text, cursor, killed: state.killed, undo, last };
}

function undone(state: EditorState): EditorState {
  const before = state.undo.at(-1);
  if (before === undefined) return state;
  return { ...before, killed: state.killed, undo: state.undo.slice(0, -1), last: "other" };
}

/** At the end of a line its line feed is what is left to cut. */
function endOrNextLine(text: string, cursor: number): number {
  return text[cursor] === "\n" ? cursor + 1 : lineEnd(text, cursor);
}
