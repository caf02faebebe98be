/** How Ink erases from the first cell of a row to the end of the window. */
const erase = "\u001B[1G\u001B[J";
/** The same in two pieces. */
const eraseQuietly = "\u001B[1G\u001B[K\u001B[C\u001B[J\u001B[1G";

/**
 * The text without what makes tmux keep a copy of the window: it archives one that is erased from its first cell, and
 * a window that was made narrower may have pushed the live region up to there.
 */
export function withoutArchiving(text: string): string {
  return text.replaceAll(erase, eraseQuietly);
}

/** Hides the cursor and erases from so many rows above it to the end of the window. */
export function eraseFrom(rowsAbove: number): string {
  return `\u001B[?25l${rowsAbove > 0 ? `\u001B[${rowsAbove}A` : ""}${eraseQuietly}`;
}

/**
 * The text painted so that a row which the terminal thinks wider than we do is cut at the edge: wrapped, it would put
 * every row below it, and the cursor, out of its place. The mode never outlasts the write.
 */
export function withoutWrapping(text: string): string {
  return `\u001B[?7l${text}\u001B[?7h`;
}
