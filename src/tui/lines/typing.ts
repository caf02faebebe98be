import { cells, snap } from "../text/graphemes.ts";

/** What stands in the prompt. `cursor` is a UTF-16 index. */
export interface Typed {
  readonly text: string;
  readonly cursor: number;
}

interface Place {
  /** cells of the prompt's mark */
  readonly mark: number;
  /** cells of a row of the terminal */
  readonly columns: number;
}

/** What must be written, and what then stands where. */
export interface Echo {
  readonly output: string;
  readonly typed: Typed;
}

/**
 * What a terminal that only knows backspace must be sent so that it shows the prompt as it has become; undefined where
 * that would cross the border of a row: then the prompt must be written anew. Pure.
 */
export function echo(before: Typed, after: Typed, place: Place): Echo | undefined {
  const start = commonStart(before.text, after.text);
  const [old, added] = [before.text.slice(start), after.text.slice(start)];
  const moved = old === "" && added === "";
  const there = moved ? "" : go(before, start, place);
  if (there === undefined || !fitsRow(before.text, start, before.text.length, place)) return undefined;
  const clear = added.includes("\n") ? cells(old) : Math.max(0, cells(old) - cells(added));
  const blanks = " ".repeat(clear) + "\b".repeat(clear);
  const written = added.includes("\n") ? blanks + added : added + blanks;
  const end = { text: after.text, cursor: moved ? before.cursor : after.text.length };
  return placed(there + written, end, after.cursor, place);
}

/** The whole prompt, its cursor as near to where it belongs as backspaces bring it. */
export function wholePrompt(after: Typed, place: Place): Echo {
  const end = { text: after.text, cursor: after.text.length };
  return placed(after.text, end, after.cursor, place);
}

function placed(output: string, from: Typed, cursor: number, place: Place): Echo {
  const back = go(from, cursor, place);
  return back === undefined
    ? { output, typed: from }
    : { output: output + back, typed: { text: from.text, cursor } };
}

/** Moves within a row: back by backspaces, forward by writing what stands there. */
function go({ text, cursor }: Typed, to: number, place: Place): string | undefined {
  if (to >= cursor) return text.slice(cursor, to);
  return fitsRow(text, to, cursor, place) ? "\b".repeat(cells(text.slice(to, cursor))) : undefined;
}

/** Do two places of the text stand in one row of the terminal? */
function fitsRow(text: string, from: number, to: number, { mark, columns }: Place): boolean {
  if (from === to) return true;
  if (text.slice(from, to).includes("\n")) return false;
  const line = text.lastIndexOf("\n", from - 1) + 1;
  const column = (from === 0 || line === 0 ? mark : 0) + cells(text.slice(line, from));
  const end = column + cells(text.slice(from, to));
  return Math.floor(column / columns) === Math.floor(end / columns);
}

/** Whole characters that both begin with, as a length. */
function commonStart(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  while (snap(a, index) !== index || snap(b, index) !== index) index--;
  return index;
}
