import { replaceChips, type Chipped } from "./chips.ts";

export interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** The prompt under the cursor. `cursor` is a UTF-16 index on a grapheme boundary. */
export interface EditorState extends Snapshot, Chipped {
  /** what the last kills took, for yank */
  readonly killed: string;
  readonly undo: readonly Snapshot[];
  /** the kind of the last change: typing is undone by words, kills in a row join */
  readonly last: "typing" | "kill" | "other";
  /** cells from the left that up and down try to keep */
  readonly goal?: number;
}

export const emptyEditor: EditorState = {
  text: "",
  chips: [],
  cursor: 0,
  killed: "",
  undo: [],
  last: "other",
};

/** What is sent leaves an empty prompt; what was cut can still be put back. */
export function emptied(state: EditorState): EditorState {
  return { ...emptyEditor, killed: replaceChips({ ...state, text: state.killed }, (pasted) => pasted) };
}
