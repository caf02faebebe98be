import { withoutInserts, type Insert, type Message } from "../../chat/index.ts";
import { chipLabel, chipText, isLong, newChip, type Chipped } from "./chips.ts";
import { editable } from "../text/sanitize.ts";
import { escaped, unescaped } from "./mentions.ts";

/** What the prompt says, with what its chips stand for marked as pasted. */
export function messageOf({ text, chips }: Chipped): Message {
  const inserts: Insert[] = [];
  let whole = "";
  for (const part of unescaped(text.trim()).split(/([\uFDD0-\uFDEF])/)) {
    const pasted = chipText(chips, part);
    if (pasted !== undefined)
      inserts.push({ kind: "paste", start: whole.length, end: whole.length + pasted.length });
    whole += pasted ?? part;
  }
  return { text: whole, inserts };
}

/**
 * A message as it was in the prompt: chips for what was pasted, and no file's text: that is read anew.
 * @param reading names of files that were not read yet
 */
export function draftOf(
  message: Message,
  chips: readonly string[] = [],
  reading: readonly string[] = [],
): Chipped {
  let kept = chips;
  const files: string[] = [];
  const text = withoutInserts(typable(message), (inserted, kind) => {
    if (kind === "file") {
      files.push(inserted.trimStart());
      return "";
    }
    const made = isLong(inserted) ? newChip(kept, inserted) : undefined;
    if (made === undefined) return inserted;
    kept = made.chips;
    return made.chip;
  });
  // Nearly every word behind an "@" is text anyway: a backslash before each would be in the way.
  const isFile = (name: string, isWord: boolean) =>
    isWord || reading.includes(name) || files.some((file) => file.startsWith(`${name}:\n`));
  return { text: escaped(text, isFile), chips: kept };
}

/** A message from a file as it could have been typed: nothing in it steers a terminal or looks like a chip. */
function typable({ text, inserts }: Message): Message {
  const place = (index: number) => editable(text.slice(0, index)).length;
  const moved = inserts.map(({ kind, start, end }): Insert => ({
    kind,
    start: place(start),
    end: place(end),
  }));
  return { text: editable(text), inserts: moved };
}

/** A message as the page shows it. */
export function shownMessage(message: Message): string {
  return withoutInserts(message, (inserted, kind) => (kind === "file" ? "" : chipLabel(inserted)));
}
