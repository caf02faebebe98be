import { Writable } from "node:stream";
import { sizeOf } from "../../terminal-size.ts";

const beginFrame = "\u001B[?2026h";
const endFrame = "\u001B[?2026l";

/** As much of a terminal as the screen needs; emits "resize". */
export type Output = Writable & { readonly columns: number; readonly rows: number };

/**
 * What Ink writes to instead of the terminal. It joins the several writes of a frame to one, and holds frames back
 * while the window is being resized: an erased frame never meets rows that the terminal has reflowed meanwhile.
 * Emits "resize" and then "ready" when the size has rested.
 */
export class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Erases the live region and makes Ink forget it; set once Ink runs. */
  forget: () => void = () => {};
  readonly #out: Output;
  readonly #rest: number;
  #held = false;
  #mute = false;
  #frame: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param rest milliseconds without a change after which a size counts; tmux tells a program of a resize late */
  constructor(out: Output, rest = 250) {
    super({ decodeStrings: false });
    this.#out = out;
    this.#rest = rest;
    ({ columns: this.columns, rows: this.rows } = sizeOf(out));
    out.prependListener("resize", this.#resized);
  }

  /** While true nothing may be given to Ink's <Static>: it would be lost. */
  get held(): boolean {
    return this.#held;
  }

  /** Stops listening to the terminal; what Ink still writes goes through. */
  release(): void {
    clearTimeout(this.#timer);
    this.#held = false;
    this.#out.off("resize", this.#resized);
  }

  readonly #resized = (): void => {
    if (!this.#held) {
      this.forget();
      this.#held = true;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settled(), this.#rest);
  };

  #settled(): void {
    // Ink must forget the frames that were dropped, without erasing what it never painted.
    this.#mute = true;
    this.forget();
    this.#mute = false;
    this.#held = false;
    ({ columns: this.columns, rows: this.rows } = sizeOf(this.#out));
    this.emit("resize");
    this.emit("ready");
  }

  /** Passes on at once, never waiting for the terminal: what is held or muted is decided when Ink writes. */
  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    if (chunk === beginFrame) this.#frame = "";
    if (this.#frame === undefined) {
      if (!this.#mute) this.#out.write(chunk);
    } else {
      this.#frame += chunk;
      if (chunk === endFrame) {
        if (!this.#held) this.#out.write(this.#frame);
        this.#frame = undefined;
      }
    }
    done();
  }
}
