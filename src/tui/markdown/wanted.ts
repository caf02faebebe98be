import type { ChatState } from "../store/state.ts";

/** Is there a fence on the page, and nothing yet to colour its code with? */
export function wantsColors({ page, reading }: Pick<ChatState, "page" | "reading">): boolean {
  if (!reading.markdown || !reading.color || reading.highlight !== undefined) return false;
  return page.some(
    (entry) =>
      entry.kind === "answer" &&
      (entry.flow.place?.fence !== undefined || entry.flow.pieces.some(({ text }) => /```|~~~/.test(text))),
  );
}
