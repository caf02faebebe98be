/** What drawing may take of a core while the engine has use for all of them, and how long a frame stays for it at most. */
const mostShare = 1 / 12;
const longest = 200;

/** Milliseconds that a frame stays which took `cost` milliseconds of processor time: `pause`, or longer if it was dear. */
export function stayOf(cost: number, pause: number): number {
  return Math.max(pause, Math.min(longest, cost / mostShare));
}

/** Milliseconds of processor time that the program has used. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** When frames are drawn: at once after a key, for the eye waits for it; calmly for all else. */
export class FrameTiming {
  readonly #draw: () => void;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = -Infinity;
  #asked = false;
  #cost = 0;

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

  /** Does `then` at `due`, but not before the last frame has stayed for `pause` milliseconds, or for what it cost. */
  later(due: number, pause: number, then: () => void): void {
    const wanted = Math.max(due, this.#drawnAt + stayOf(this.#cost, pause));
    this.#timer = setTimeout(then, Math.max(0, wanted - this.#clock()));
  }

  /** A frame begins: what was asked for is answered by it. */
  begin(): void {
    this.#asked = false;
  }

  /** A frame is drawn now; React takes it up a moment later. */
  drawn(): void {
    this.#drawnAt = this.#clock();
    const before = spent();
    setImmediate(() => {
      this.#cost = spent() - before;
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
