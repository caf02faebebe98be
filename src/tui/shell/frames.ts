import type { Frame } from "../paint/frame.ts";
import type { Picture } from "../paint/paint.ts";
import { paintRow, type Palette } from "../paint/palette.ts";
import { rowWidth } from "../text/row.ts";

/** Lines on their way to the scrollback together. */
export interface Batch {
  readonly text: string;
  /** cells of its longest line: so wide a box is never wrapped by Ink, the terminal does it */
  readonly width: number;
}

/** What React draws. */
export interface Drawing {
  /** one place for every batch there ever was; those that were drawn are holes */
  readonly batches: Batch[];
  readonly text: string;
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

/** Holds the newest drawing for React. Batches stay in it until React has said that it drew them. */
export class Frames {
  #drawing: Drawing = { batches: [], text: "", cursor: undefined };
  #picture: Picture = { rows: [] };
  #drawn = 0;
  readonly #listeners = new Set<() => void>();
  readonly #colors: Palette;

  constructor(colors: Palette) {
    this.#colors = colors;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): Drawing => this.#drawing;

  /** The live region of the newest drawing. */
  readonly picture = (): Picture => this.#picture;

  /** React has drawn the first `count` batches. */
  readonly committed = (count: number): void => {
    this.#drawn = count;
  };

  show({ lines, picture }: Omit<Frame, "state">): void {
    const before = this.#drawing.batches;
    const batches: Batch[] = [];
    batches.length = before.length;
    for (let index = this.#drawn; index < before.length; index++) {
      const waiting = before[index];
      if (waiting !== undefined) batches[index] = waiting;
    }
    if (lines.length > 0) {
      const text = lines.map((line) => paintRow(line, this.#colors) || " ").join("\n");
      batches.push({ text, width: Math.max(1, ...lines.map(rowWidth)) });
    }
    const text = picture.rows.map((row) => paintRow(row, this.#colors) || " ").join("\n");
    this.#drawing = { batches, text, cursor: picture.cursor };
    this.#picture = picture;
    for (const listener of this.#listeners) listener();
  }
}
