import { layoutFor } from "../markdown/reading.ts";
import { asciiGlyphs } from "../paint/glyphs.ts";
import { takeLines } from "../paint/page-lines.ts";
import { textWidth } from "../paint/paint.ts";
import type { ChatState, Entry } from "../store/state.ts";
import { piece, rowText, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";

/** How a chat in lines speaks. */
export interface Voice {
  readonly prompt: string;
  /** before an answer */
  readonly answer: string;
  /** what the program itself has to say */
  remark(sentence: string): string;
  /** cells of a row of text */
  width(columns: number): number;
  /** may rows stand empty? */
  readonly blanks: boolean;
}

export const plainVoice: Voice = {
  prompt: "> ",
  answer: "",
  remark: (sentence) => `[${sentence}]`,
  width: (columns) => textWidth({ columns, rows: 24 }),
  blanks: true,
};

/** For a screen reader: a paragraph is a line, which the terminal wraps, and nothing is empty. */
export const spokenVoice: Voice = {
  prompt: "You: ",
  answer: "Model: ",
  remark: (sentence) => sentence,
  width: () => 2000,
  blanks: false,
};

/** Takes off the page what is complete, as lines to print. */
export class LinePage {
  readonly #voice: Voice;
  /** messages that stand on the terminal as the person typed them */
  readonly #typed: string[] = [];

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  /** The person typed a message; where it comes on the page it is not said again. */
  typed(message: string): void {
    this.#typed.push(message);
  }

  /** @returns `begins`: index of the first line of an answer that begins here */
  take(
    state: ChatState,
    columns: number,
  ): { readonly lines: readonly Row[]; readonly begins: number | undefined; readonly state: ChatState } {
    const lines: Row[] = [];
    let begins: number | undefined;
    for (const [index, entry] of state.page.entries()) {
      const taken = this.#takeEntry(entry, state, columns);
      if (entry.kind === "answer" && !entry.flow.begun && taken.lines.length > 0) begins = lines.length;
      lines.push(...taken.lines);
      if (taken.rest !== undefined)
        return { lines, begins, state: { ...state, page: [taken.rest, ...state.page.slice(index + 1)] } };
    }
    return { lines, begins, state: { ...state, page: [] } };
  }

  #takeEntry(entry: Entry, state: ChatState, columns: number): { lines: readonly Row[]; rest?: Entry } {
    if (entry.kind === "message") return { lines: this.#messageLines(entry.text) };
    const layout = layoutFor(state.reading, asciiGlyphs);
    const { lines, page } = takeLines([entry], this.#voice.width(columns), layout, "off");
    const shown = this.#voice.blanks ? lines : lines.filter((line) => rowText(line).trim() !== "");
    const begins = entry.kind === "answer" && !entry.flow.begun && shown.length > 0;
    const [rest] = page;
    return {
      lines: begins ? [[piece(this.#voice.answer), ...(shown[0] ?? [])], ...shown.slice(1)] : shown,
      ...(rest !== undefined && { rest }),
    };
  }

  #messageLines(text: string): Row[] {
    const at = this.#typed.indexOf(text);
    if (at !== -1) {
      this.#typed.splice(0, at + 1);
      return [];
    }
    const lines = sanitize(text)
      .split("\n")
      .map((line, index) => [piece((index === 0 ? this.#voice.prompt : "") + line)]);
    return this.#voice.blanks ? [[piece("")], ...lines] : lines;
  }
}
