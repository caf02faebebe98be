import { labelled } from "./chips.ts";
import { editorView, moveVertically, type EditorView } from "./layout.ts";
import type { EditorState, Snapshot } from "./state.ts";

/** Moves the cursor a row up or down, keeping its column. */
export function vertically(state: EditorState, direction: -1 | 1, width: number): EditorState {
  const shown = labelled(state);
  const { cursor, goal } = moveVertically(placeOf(shown, state), direction, width);
  return { ...state, cursor: shown.origin(cursor, direction), ...(goal !== undefined && { goal }) };
}

/** Can the cursor go up (or down) inside the prompt, or does the key mean the history? */
export function canMove(state: EditorState, direction: -1 | 1, width: number): boolean {
  return moveVertically(placeOf(labelled(state), state), direction, width).goal !== undefined;
}

const placeOf = ({ text, cursor }: Snapshot, { goal }: EditorState) => ({
  text,
  cursor,
  ...(goal !== undefined && { goal }),
});

/** Lays out the prompt in at most `height` rows of `width` cells, scrolled so that the cursor is among them. */
export function viewOf(state: EditorState, width: number, height: number): EditorView {
  return editorView(labelled(state), width, height);
}
