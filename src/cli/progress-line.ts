/** A share that grows on one line of a terminal; nothing at all elsewhere, for a log is no place for it. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  readonly #what: string;
  readonly #started = performance.now();
  #shownAt = -Infinity;

  /** @param what is done, to stand before the share */
  constructor(output: NodeJS.WriteStream, what = "") {
    this.#output = output;
    this.#what = what === "" ? "" : `${what} `;
  }

  /** @param share 0..1 */
  show(share: number): void {
    const now = performance.now();
    if (!this.#output.isTTY || now - this.#shownAt < 100) return;
    this.#shownAt = now;
    const left = share === 0 ? Infinity : ((now - this.#started) * (1 - share)) / share;
    const rest = left < 3_600_000 ? `  ${Math.ceil(left / 1000)} s left` : "";
    this.#output.write(`\r\u001B[K${this.#what}${Math.floor(share * 100)} %${rest}`);
  }

  clear(): void {
    if (this.#output.isTTY && this.#shownAt > -Infinity) this.#output.write("\r\u001B[K");
  }
}
