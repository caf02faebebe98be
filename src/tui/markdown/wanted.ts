import type { ChatState } from "../store/state.ts";
import type { ReadingOptions } from "./reading.ts";

const fence = /```|~~~/;

/** Is there a fence on the page, and nothing yet to colour its code with? */
export function wantsColors({ page, reading }: Pick<ChatState, "page" | "reading">): boolean {
  if (!canColor(reading)) return false;
  return page.some(
    (entry) =>
      entry.kind === "answer" &&
      (entry.flow.place?.fence !== undefined || entry.flow.pieces.some(({ text }) => fence.test(text))),
  );
}

/** The same of a whole text. */
export function textWantsColors(text: string, reading: ReadingOptions): boolean {
  return canColor(reading) && fence.test(text);
}

const canColor = ({ markdown, color, highlight }: ReadingOptions) =>
  markdown && color && highlight === undefined;
