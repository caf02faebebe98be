/** When frames are drawn: at once after a key, for the eye waits for it; calmly for all else. */
export class FrameTiming {
  readonly #draw: () => void;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = -Infinity;
  #asked = false;

  constructor(draw: () => void, clock: () => number) {
    this.#draw = draw;
    this.#clock = clock;
  }

  /** Draws as soon as what runs now is done: several keys at once are one frame. */
  now(): void {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(this.#draw);
  }

  /** Does `then` at `due`, but not before the last frame has stayed for `pause` milliseconds. */
  later(due: number, pause: number, then: () => void): void {
    this.#timer = setTimeout(then, Math.max(0, Math.max(due, this.#drawnAt + pause) - this.#clock()));
  }

  /** A frame begins: what was asked for is answered by it. */
  begin(): void {
    this.#asked = false;
  }

  drawn(): void {
    this.#drawnAt = this.#clock();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
