import type { EngineEvent, Finished } from "../engine/index.ts";

/** Follows the events of a reply, so that an answer that breaks off can be kept as far as it came. */
export class ReplyProgress {
  /** the engine's last word, if it came so far */
  finished: Finished | undefined;
  readonly #promptTokens: number;
  readonly #stopTokenIds: readonly number[];
  readonly #placed = new Map<number, number>();

  constructor(promptTokens: number, stopTokenIds: readonly number[]) {
    this.#promptTokens = promptTokens;
    this.#stopTokenIds = stopTokenIds;
  }

  follow(event: EngineEvent): void {
    if (event.type === "finished") this.finished = event;
    if (event.type === "block_finished") this.#cutAt(event.start + event.ids.length);
    if (event.type !== "denoised") return;
    for (const { position, token, unmasked } of event.slots) if (unmasked) this.#placed.set(position, token);
  }

  /** The reply's ids: as finished, or up to the first mask or stop token. */
  get ids(): readonly number[] {
    if (this.finished !== undefined) return this.finished.ids;
    const ids: number[] = [];
    for (let position = this.#promptTokens; ; position++) {
      const token = this.#placed.get(position);
      if (token === undefined) return ids;
      ids.push(token);
      if (this.#stopTokenIds.includes(token)) return ids;
    }
  }

  /** The last block's text ends before the block does, at a stop token or a limit. */
  #cutAt(end: number): void {
    for (const position of this.#placed.keys()) if (position >= end) this.#placed.delete(position);
  }
}
