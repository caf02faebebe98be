import { Writable } from "node:stream";
import { sizeOf } from "../../terminal-size.ts";
import type { Picture } from "../paint/paint.ts";
import { rowsAboveCursor } from "./broken-rows.ts";
import { eraseFrom, withoutArchiving, withoutWrapping } from "./sequences.ts";

const beginFrame = "\u001B[?2026h";
const endFrame = "\u001B[?2026l";

/** As much of a terminal as the screen needs; emits "resize". */
export type Output = Writable & { readonly columns: number; readonly rows: number };

export interface ScreenOptions {
  /** the terminal breaks rows anew that a narrower window has no room for */
  readonly breaksRows?: boolean;
  /** milliseconds without a change after which a size counts: tmux tells a program of a resize up to 250 late */
  readonly rest?: number;
  /** milliseconds that it needs to read a frame, and this program to hear of the first resize, where there is much else to do */
  readonly latency?: number;
}

/**
 * What Ink writes to instead of the terminal. It joins the several writes of a frame to one, and holds frames back
 * while the window is being resized. The frame that stands there is erased at once if its rows still fit. If the
 * terminal has broken some of them it is erased when the size has rested, for only then it is known how many rows it
 * has become, unless it is in doubt whether it was broken at all. Emits "resize" and then "ready" when the size has rested.
 */
export class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Erases the live region and makes Ink forget it; set once Ink runs. */
  forget: () => void = () => {};
  /** What Ink paints as the live region; set once Ink runs, where its rows can be broken. */
  picture: () => Picture | undefined = () => undefined;
  readonly #out: Output;
  readonly #rest: number;
  readonly #latency: number;
  readonly #breaksRows: boolean;
  #held = false;
  #mute = false;
  #frame: string[] | undefined;
  /** the live region as it was painted last; undefined: it is erased already */
  #painted: Picture | undefined;
  /** when text went to the scrollback last */
  #archived = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Output, { breaksRows = false, rest = 350, latency = 100 }: ScreenOptions = {}) {
    super({ decodeStrings: false });
    this.#out = out;
    this.#rest = rest;
    this.#latency = latency;
    this.#breaksRows = breaksRows;
    ({ columns: this.columns, rows: this.rows } = sizeOf(out));
    out.prependListener("resize", this.#resized);
  }

  /** While true nothing may be given to Ink's <Static>: it would be lost. */
  get held(): boolean {
    return this.#held;
  }

  /** Erases the live region, so that the next frame is painted from nothing; after a resize it is anyway. */
  clear(): void {
    if (!this.#held) this.#erase();
  }

  /** Another is to have the terminal: Ink erases what it knows of, and must not find rows that were broken. */
  handOver(): void {
    if (this.#held) this.#eraseBroken();
    this.#painted = undefined;
  }

  /** Takes the size as it is, if it has not rested yet: what is to be drawn now cannot wait for that. */
  settle(): void {
    clearTimeout(this.#timer);
    if (this.#held) this.#settled();
  }

  /** Stops listening to the terminal; what Ink still writes goes through. */
  release(): void {
    clearTimeout(this.#timer);
    if (this.#held) this.#eraseBroken();
    this.#held = false;
    this.#out.off("resize", this.#resized);
  }

  readonly #resized = (): void => {
    if (!this.#held && !this.#isBroken()) this.#erase();
    this.#held = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settled(), this.#rest);
  };

  #settled(): void {
    this.#eraseBroken();
    ({ columns: this.columns, rows: this.rows } = sizeOf(this.#out));
    // Ink draws at once what it has: rows of the old size, which may not fit. They are dropped like all frames before.
    this.emit("resize");
    this.#forgetDropped();
    this.#held = false;
    this.emit("ready");
  }

  /**
   * Whether the terminal has broken rows of the live region, as far as can be known.
   * Text that went to the scrollback just now may have been written after the window had changed, with a live region below
   * that was cut and not broken. Counting rows for a broken one would then erase that text, and counting too few leaves
   * rows of the live region behind: the lesser evil. (A live region that is painted over the broken one lies below what is left
   * of that, and both together have as many rows as the broken one had, unless its wide rows have become more or fewer.)
   */
  #isBroken(): boolean {
    const painted = this.#painted;
    if (painted === undefined || !this.#breaksRows) return false;
    if (performance.now() - this.#archived < this.#latency) return false;
    return rowsAboveCursor(painted, sizeOf(this.#out).columns) > rowsAboveCursor(painted, Infinity);
  }

  #erase(): void {
    this.#painted = undefined;
    this.forget();
  }

  /** Erases what a resize has left standing, and has Ink forget it. */
  #eraseBroken(): void {
    if (this.#painted !== undefined)
      this.#out.write(eraseFrom(rowsAboveCursor(this.#painted, sizeOf(this.#out).columns)));
    this.#forgetDropped();
  }

  /** Has Ink forget frames that nobody saw, without erasing what was never painted. */
  #forgetDropped(): void {
    this.#mute = true;
    this.#erase();
    this.#mute = false;
  }

  /** Passes on at once, never waiting for the terminal: what is held or muted is decided when Ink writes. */
  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    if (chunk === beginFrame) {
      this.#frame = [];
    } else if (this.#frame === undefined) {
      if (!this.#mute) this.#out.write(withoutArchiving(chunk));
    } else if (chunk === endFrame) {
      if (!this.#held) this.#show(this.#frame);
      this.#frame = undefined;
    } else {
      this.#frame.push(chunk);
    }
    done();
  }

  /** @param parts as Ink wrote them: the last is the live region, what goes to the scrollback for good comes before */
  #show([...parts]: string[]): void {
    const live = parts.pop() ?? "";
    const frame = [beginFrame, ...parts, withoutWrapping(live), endFrame].join("");
    this.#out.write(withoutArchiving(frame));
    // Ink ends what goes to the scrollback with a line feed, and erases without one.
    if (parts.some((part) => part.includes("\n"))) this.#archived = performance.now();
    this.#painted = this.picture();
  }
}
