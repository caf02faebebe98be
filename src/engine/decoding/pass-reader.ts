import type { PassResult } from "../graph/graph.ts";
import { chainGuesses } from "./chained-guesses.ts";
import { readSlots, type Reading } from "./readings.ts";
import { inverseTemperature, needsAllLogits, type SamplingSettings } from "./sampling.ts";
import type { Session } from "./session.ts";
import type { Window } from "./speculation.ts";

/** Runs passes over the session's rows, as they are laid out, and chooses the tokens of the positions asked. */
export class PassReader {
  readonly #session: Session;
  readonly #counts: { denoise: number };
  /** sampling settings that were seen to need all logits */
  #wide: SamplingSettings | undefined;

  /** @param counts where passes are counted */
  constructor(session: Session, counts: { denoise: number }) {
    this.#session = session;
    this.#counts = counts;
  }

  async read(settings: SamplingSettings): Promise<Reading[]> {
    return (await this.#read(settings)).readings;
  }

  /** The same of a window. @param known the token before it */
  async readWindow(window: Window, known: number, settings: SamplingSettings): Promise<Reading[]> {
    const { chain, vocabulary } = this.#session;
    const pass = await this.#read(settings);
    if (chain === undefined) return pass.readings;
    return await chainGuesses(chain, { window, known, ...pass }, settings, vocabulary);
  }

  /** One pass; a second one with all logits if the most probable tokens do not settle a choice. */
  async #read(settings: SamplingSettings): Promise<{ result: PassResult; readings: Reading[] }> {
    const { vocabulary, rows } = this.#session;
    const allLogits = needsAllLogits(settings, vocabulary.top) || isWide(this.#wide, settings);
    const result = await this.#pass(settings, allLogits);
    const readings = readSlots(result, rows.slots, settings, vocabulary);
    if (readings !== undefined) return { result, readings };
    this.#wide = settings;
    const all = await this.#pass(settings, true);
    const again = readSlots(all, rows.slots, settings, vocabulary);
    if (again === undefined) throw new Error("all logits do not suffice to choose a token");
    return { result: all, readings: again };
  }

  async #pass({ temperature }: SamplingSettings, allLogits: boolean): Promise<PassResult> {
    const { graph, rows } = this.#session;
    this.#counts.denoise++;
    return await graph.run(rows, inverseTemperature(temperature), allLogits);
  }
}

/** A nucleus that was once wider than the tokens at hand may be so again, as long as it is the same setting. */
function isWide(wide: SamplingSettings | undefined, { temperature, topK, topP }: SamplingSettings): boolean {
  return wide?.temperature === temperature && wide.topK === topK && wide.topP === topP;
}
