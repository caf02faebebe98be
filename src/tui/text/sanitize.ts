/**
 * Characters that would move the cursor, switch a terminal's mode, reorder a row or take no cell of their own:
 * C0 but tab and line feed, DEL, C1, soft hyphen, zero-width space, bidi marks and overrides, line and paragraph
 * separators, invisible operators, the byte order mark, unpaired surrogates, Hangul fillers, and what Unicode keeps for a
 * program's own use (see chips.ts).
 */
const harmful =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- these characters are its subject
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFDD0-\uFDEF\uFEFF\uFFA0\uFFF9-\uFFFB\p{Cs}]/gu;

/** More marks than any script stacks on one letter; beyond that they only bury the rows around. */
const tooManyMarks = /(\p{M}{8})\p{M}+/gu;

/**
 * Text of unknown origin made safe for a row: what is left has line feeds as its only control. Character by
 * character, so that a text sanitised in parts equals the same text sanitised whole (stacks of marks excepted).
 */
export function sanitize(text: string): string {
  return text.replaceAll(harmful, "").replaceAll("\t", "    ").replaceAll(tooManyMarks, "$1");
}

/** The same for what has one row: a name, for example, whatever is in it. */
export function sanitizeRow(text: string): string {
  return sanitize(text).replaceAll("\n", " ");
}

/** What was typed or pasted, as text for the editor: line ends as line feeds, tabs kept, other controls dropped. */
export function editable(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(harmful, "");
}
