import type { Candidate } from "../events.ts";
import type { DecodingSettings } from "../settings.ts";
import type { DecodingOptions } from "./open-block.ts";
import type { Reading } from "./readings.ts";
import type { Session } from "./session.ts";
import { proposeDrafts } from "./proposals.ts";
import { guessesBehind, planWindow, type Window } from "./speculation.ts";

/** The windows of one generation: what the last one proposed, and a next one that fits a pass of the device. */
export class Windows {
  readonly #session: Session;
  readonly #redraft: DecodingOptions["redraft"];
  #drafts: readonly Candidate[] = [];

  constructor(session: Session, redraft: DecodingOptions["redraft"]) {
    this.#session = session;
    this.#redraft = redraft;
  }

  /** The guesses that the next window will check. */
  get drafts(): readonly Candidate[] {
    return this.#drafts;
  }

  forgetDrafts(): void {
    this.#drafts = [];
  }

  /** @param end no position from here on is wanted */
  next(start: number, end: number, settings: DecodingSettings): Window {
    const { graph, form } = this.#session;
    const limits = { mostRows: graph.mostRows, sharesFirst: form.sharesFirst };
    return planWindow(start, this.#drafts, end, settings, limits);
  }

  /**
   * Takes what a pass over the window said.
   * @param text all that is known, what the pass brought included
   */
  propose(
    window: Window,
    readings: readonly Reading[],
    text: readonly number[],
    settings: DecodingSettings,
  ): void {
    const drafts = proposeDrafts(guessesBehind(window, readings), text, settings);
    this.#drafts = this.#redraft?.(drafts) ?? drafts;
  }
}
