import type { Suspend } from "./page.tsx";
import { hearSize, suspendJob } from "./suspend.ts";

/** Gives the terminal of an Ink instance away for a while, and takes it back. */
export class Lending {
  readonly #onBack: () => void;
  readonly #onError: (error: Error) => void;
  readonly #onLend: () => void;
  #suspend: Suspend | undefined;
  #away = false;

  /**
   * @param onBack the terminal is back: what was drawn meanwhile is lost
   * @param onLend it is about to be given away
   */
  constructor(onBack: () => void, onError: (error: Error) => void, onLend: () => void = () => {}) {
    this.#onBack = onBack;
    this.#onError = onError;
    this.#onLend = onLend;
  }

  /** Another has the terminal: what is drawn now would be lost. */
  get away(): boolean {
    return this.#away;
  }

  /** How Ink hands the terminal over; it tells once it is mounted. */
  readonly learn = (suspend: Suspend): void => {
    this.#suspend = suspend;
  };

  /** From now on signals that stop and continue the job are heard. */
  listen(): void {
    process.on("SIGTSTP", this.toShell).on("SIGCONT", this.#continued);
  }

  unlisten(): void {
    process.off("SIGTSTP", this.toShell).off("SIGCONT", this.#continued);
  }

  /** Gives the terminal to the shell until the job is continued. */
  readonly toShell = (): void => this.lend(suspendJob);

  /** Gives it away while `during` runs; does nothing while it is away already. */
  lend(during: () => Promise<void>): void {
    if (this.#away || this.#suspend === undefined) return;
    this.#onLend();
    this.#away = true;
    this.#suspend(during)
      .catch(this.#onError)
      .finally(() => {
        this.#away = false;
        this.#onBack();
      });
  }

  /** After a stop that nobody announced the terminal's modes may be anyone's: take them again. */
  readonly #continued = (): void => this.lend(async () => hearSize());
}
