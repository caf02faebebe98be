/** How far a mark may stand from the one that closes it, characters. What is further apart is text. */
export const reach = 240;

/** Where a mark closes; "open": the text ends before that can be said; "none": nowhere near. */
export type Closing = number | "open" | "none";

const spaceOrNothing = /^\s?$/;
const punctuation = /[\p{P}\p{S}]/u;
const wordCharacter = /[\p{L}\p{N}]/u;

/** Length of the run of equal characters at `at`, up to `end`. */
export function runLength(text: string, at: number, end: number): number {
  const character = text[at];
  let after = at;
  while (after < end && text[after] === character) after++;
  return after - at;
}

/** May emphasis begin with the run [at, at + length)? (CommonMark's left-flanking run.) */
export function opens(text: string, at: number, length: number): boolean {
  const before = text[at - 1] ?? "";
  const after = text[at + length] ?? "";
  if (spaceOrNothing.test(after)) return false;
  if (text[at] === "_" && wordCharacter.test(before)) return false;
  return !punctuation.test(after) || spaceOrNothing.test(before) || punctuation.test(before);
}

/** Does a word begin here? Emphasis that does is shown before it closes. */
export function beginsWord(text: string, at: number): boolean {
  return !wordCharacter.test(text[at - 1] ?? "");
}

/** May it end with that run? (Right-flanking.) */
function closes(text: string, at: number, length: number): boolean {
  const before = text[at - 1] ?? "";
  const after = text[at + length] ?? "";
  if (spaceOrNothing.test(before)) return false;
  if (text[at] === "_" && wordCharacter.test(after)) return false;
  return !punctuation.test(before) || spaceOrNothing.test(after) || punctuation.test(after);
}

/** The span of text that is looked at: up to `end`; `closed`: nothing comes behind it. */
export interface Stretch {
  readonly text: string;
  readonly end: number;
  readonly closed: boolean;
}

function failing({ end, closed }: Stretch, limit: number): "open" | "none" {
  return end < limit && !closed ? "open" : "none";
}

/** Where the code that begins with `length` backticks at `at` ends: the index of the closing run. */
export function closingTicks(stretch: Stretch, at: number, length: number): Closing {
  const { text, closed } = stretch;
  const limit = at + length + reach;
  const end = Math.min(stretch.end, limit);
  for (let index = text.indexOf("`", at + length); index !== -1 && index < end;) {
    const run = runLength(text, index, stretch.end);
    if (index + run >= stretch.end && !closed) return "open";
    if (run === length) return index;
    index = text.indexOf("`", index + run);
  }
  return failing(stretch, limit);
}

/** Where the emphasis that a run of `length` at `at` opens ends: the index of the marks that close it. */
export function closingMarks(stretch: Stretch, at: number, length: number): Closing {
  const { text, closed } = stretch;
  const mark = text[at];
  const limit = at + length + reach;
  const end = Math.min(stretch.end, limit);
  let inner = false;
  for (let index = at + length; index < end;) {
    const character = text[index];
    if (character === "\\") index += 2;
    else if (character === "`") {
      const run = runLength(text, index, stretch.end);
      const tail = closingTicks(stretch, index, run);
      if (tail === "open") return "open";
      index = tail === "none" ? index + run : tail + run;
    } else if (character === mark) {
      const run = runLength(text, index, stretch.end);
      // What comes behind the last character decides whether it closes anything.
      if (index + run >= stretch.end && !closed) return "open";
      if (closes(text, index, run)) {
        if (run === length) return index;
        if (run === 3 && length < 3 && inner) return index + 3 - length;
      }
      if (run + length === 3) inner = opens(text, index, run) || inner;
      index += run;
    } else index++;
  }
  return failing(stretch, limit);
}
