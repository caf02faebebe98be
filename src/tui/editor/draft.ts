import { withoutInserts, type Insert, type Message } from "../../chat/index.ts";
import { chipLabel, chipText, isLong, newChip, type Chipped } from "./chips.ts";

/** What the prompt says, with what its chips stand for marked as pasted. */
export function messageOf({ text, chips }: Chipped): Message {
  const inserts: Insert[] = [];
  let whole = "";
  for (const character of text.trim().split(/([\uFDD0-\uFDEF])/)) {
    const pasted = chipText(chips, character);
    if (pasted !== undefined)
      inserts.push({ kind: "paste", start: whole.length, end: whole.length + pasted.length });
    whole += pasted ?? character.replaceAll(/(?<=^|[\s(])\\@/g, "@");
  }
  return { text: whole, inserts };
}

/** A message as it was in the prompt: chips for what was pasted, and no file's text: that is read anew. */
export function draftOf(message: Message, chips: readonly string[] = []): Chipped {
  let kept = chips;
  const text = withoutInserts(message, (inserted, kind) => {
    if (kind === "file") return "";
    const made = isLong(inserted) ? newChip(kept, inserted) : undefined;
    if (made === undefined) return inserted;
    kept = made.chips;
    return made.chip;
  });
  return { text, chips: kept };
}

/** A message as the page shows it. */
export function shownMessage(message: Message): string {
  return withoutInserts(message, (inserted, kind) => (kind === "file" ? "" : chipLabel(inserted)));
}

/** A message as the history keeps it: all but the text of files. */
export function rememberedMessage(message: Message): string {
  return withoutInserts(message, (inserted, kind) => (kind === "file" ? "" : inserted));
}
