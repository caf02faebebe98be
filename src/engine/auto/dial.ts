import type { ModelConfig } from "../../model/index.ts";
import { choose, settingsOf } from "./auto.ts";
import type { AutoLimits } from "./ways.ts";
import { withCopies } from "./copies.ts";
import { freshAuto, learn, type AutoState } from "./memory.ts";
import type { EngineEvent } from "../events.ts";
import type { Decoding } from "../decoding/decoding.ts";
import type { Asking } from "../recorded-settings.ts";
import type { Session } from "../decoding/session.ts";
import type { DecodingSettings } from "../settings.ts";

/** What the dial sets while it is on. */
const dialled = [
  "strategy",
  "blockLength",
  "denoisingSteps",
  "threshold",
  "draftThreshold",
  "lookaheadThreshold",
  "hedgeThreshold",
] as const satisfies readonly (keyof DecodingSettings)[];

export type LookUpChances = Decoding["lookUpChances"];

/** The controller beside a session: what it learns from one answer serves the next. */
export class Dial {
  readonly #session: Session;
  #state: AutoState = freshAuto;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The settings in force, `wanted` being those of the user. */
  settings(asking: Asking, wanted: DecodingSettings, lookUpChances: LookUpChances): DecodingSettings {
    const { doubt } = wanted;
    if (doubt === "off") return wanted;
    const { config, form, graph } = this.#session;
    const { commits, sharesFirst } = form;
    const blockLengths = allowedLengths(config, wanted, graph.mostRows);
    const limits: AutoLimits = { doubt, blockLengths, commits, sharesFirst, mostRows: graph.mostRows };
    if (asking === "block") {
      this.#state = withCopies(choose(this.#state, limits), limits, wanted, lookUpChances);
    }
    return { ...wanted, ...settingsOf(this.#state) };
  }

  /** To be told of everything that the engine does, also while the dial is off. */
  hear(event: EngineEvent): void {
    this.#state = learn(this.#state, event);
  }
}

/** The block lengths that the dial may set. @param mostRows of a pass, which a block must fit into */
export function allowedLengths(
  { trainedBlockLengths }: Pick<ModelConfig, "trainedBlockLengths">,
  { autoBlocks }: Pick<DecodingSettings, "autoBlocks">,
  mostRows: number,
): readonly number[] {
  const more = autoBlocks === "any" ? [1, 2, 4, 8, 16, 32] : [];
  const lengths = [...new Set([...more, ...trainedBlockLengths])].filter((length) => length <= mostRows);
  return lengths.toSorted((a, b) => a - b);
}

/**
 * A change as a person means it: who turns by hand what the dial sets, or turns it off, takes over from it. It is off
 * then, and what was not turned stays as the dial had it, but for a bound that it set for one window of copies.
 * @param wanted the settings before, as the user has them
 * @param inForce as they were in the last pass
 */
export function takeOver(
  change: Partial<DecodingSettings>,
  wanted: DecodingSettings,
  inForce: DecodingSettings,
): Partial<DecodingSettings> {
  if (wanted.doubt === "off" || (change.doubt !== undefined && change.doubt !== "off")) return change;
  if (change.doubt === undefined && !turnsByHand(change)) return change;
  const left = Object.fromEntries(dialled.map((key) => [key, inForce[key]]));
  const bound = inForce.promptLookup > 0 ? { draftThreshold: wanted.draftThreshold } : {};
  return { ...left, ...bound, doubt: "off", ...change };
}

/** Whether one of the knobs that the dial sets is turned. */
export function turnsByHand(change: Partial<DecodingSettings>): boolean {
  return [...dialled, "entropyBudget" as const].some((key) => change[key] !== undefined);
}
