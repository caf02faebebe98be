import type { Candidate } from "../events.ts";
import type { DecodingSettings } from "../settings.ts";
import type { DecodingOptions } from "./open-block.ts";
import type { Reading } from "./readings.ts";
import type { Session } from "./session.ts";
import { acceptedDrafts, planWindow, proposeDrafts, type Window } from "./speculation.ts";

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
    const { mostRows } = this.#session.graph;
    const limits = { ...settings, blockLength: Math.min(settings.blockLength, this.#mostGuesses) };
    const bare = planWindow(start, this.#drafts, end, limits, 0);
    const room = Math.max(0, mostRows - this.#rowsOf(bare));
    return planWindow(start, this.#drafts, end, limits, room);
  }

  /** Takes what a pass over the window said. @returns how many drafts stand */
  check(window: Window, readings: readonly Reading[], { draftThreshold }: DecodingSettings): number {
    const drafts = proposeDrafts(window, readings, draftThreshold);
    this.#drafts = this.#redraft?.(drafts) ?? drafts;
    return acceptedDrafts(window, readings);
  }

  /** The block length whose windows, of as many drafts and masks ahead as it allows, are no longer than a pass may be. */
  get #mostGuesses(): number {
    const { form, graph } = this.#session;
    return Math.floor((graph.mostRows + 1) / (form.sharesFirst ? 2 : 3));
  }

  /** Without hedges; at a window's start one known token, at most, is not cached. */
  #rowsOf({ drafts, ahead }: Window): number {
    const verified = drafts.length + 1;
    return (this.#session.form.sharesFirst ? verified : 2 * verified) + ahead;
  }
}
