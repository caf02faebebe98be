import type { Draft } from "../events.ts";
import type { DecodingSettings } from "../settings.ts";
import type { DecodingOptions } from "./open-block.ts";
import type { Told } from "./prompt-lookup.ts";
import { proposeDrafts } from "./proposals.ts";
import type { Reading } from "./readings.ts";
import type { Session } from "./session.ts";
import { guessesBehind, planWindow, type Window } from "./speculation.ts";

/** The windows of one generation: what the last one guesses, and a next one that fits a pass of the device. */
export class Windows {
  readonly #session: Session;
  readonly #redraft: DecodingOptions["redraft"];
  /** of the positions behind the text; undefined where no window was before */
  #guesses: readonly Reading[] | undefined;

  constructor(session: Session, redraft: DecodingOptions["redraft"]) {
    this.#session = session;
    this.#redraft = redraft;
  }

  /** Takes what a pass over the window said. */
  hear(window: Window, readings: readonly Reading[]): void {
    this.#guesses = guessesBehind(window, readings);
  }

  forget(): void {
    this.#guesses = undefined;
  }

  /** What a window that comes now is to check. */
  drafts(text: Told, settings: DecodingSettings): readonly Draft[] {
    const drafts = this.#proposed(text, settings);
    return (this.#guesses && this.#redraft?.(drafts)) ?? drafts;
  }

  /** See Decoding. */
  lookUpChances(text: Told, most: number): readonly number[] {
    const drafts = this.#proposed(text, { draftThreshold: 0.1, promptLookup: most });
    return drafts.some(({ lookedUp }) => lookedUp) ? drafts.map(({ probability }) => probability) : [];
  }

  #proposed(text: Told, thresholds: Pick<DecodingSettings, "draftThreshold" | "promptLookup">): Draft[] {
    const { stopTokenIds } = this.#session.config;
    return proposeDrafts(this.#guesses ?? [], text, { ...thresholds, stopTokenIds });
  }

  /** @param end no position from here on is wanted */
  next(text: Told, end: number, settings: DecodingSettings): Window {
    const { graph, form } = this.#session;
    const limits = { mostRows: graph.mostRows, sharesFirst: form.sharesFirst };
    return planWindow(text.ids.length, this.drafts(text, settings), end, settings, limits);
  }
}
