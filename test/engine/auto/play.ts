import { choose, settingsOf } from "../../../src/engine/auto/auto.ts";
import type { AutoLimits } from "../../../src/engine/auto/ways.ts";
import { freshAuto, learn } from "../../../src/engine/auto/memory.ts";
import type { BlockOpened, Candidate, Denoised, EngineEvent } from "../../../src/engine/events.ts";
import { defaultSettings, type DecodingSettings } from "../../../src/engine/settings.ts";
import { proposeDrafts } from "../../../src/engine/decoding/proposals.ts";
import { guessesBehind, planWindow } from "../../../src/engine/decoding/speculation.ts";
import { choosePositions } from "../../../src/engine/decoding/strategies.ts";
import { chance, type Guess, type Machine, type World } from "./worlds.ts";

/** Says how the next block is decoded, and hears what came of it. */
export interface Policy {
  readonly settings: () => DecodingSettings;
  readonly hear: (event: EngineEvent) => void;
}

export const fixed = (settings: Partial<DecodingSettings>): Policy => ({
  settings: () => ({ ...defaultSettings(4), promptLookup: 0, ...settings }),
  hear: () => {},
});

export function controlled(limits: AutoLimits): Policy {
  let state = freshAuto;
  return {
    settings: () => {
      state = choose(state, limits);
      return { ...defaultSettings(4), promptLookup: 0, ...settingsOf(state) };
    },
    hear: (event) => (state = learn(state, event)),
  };
}

export interface Place {
  readonly world: World;
  readonly machine: Machine;
  /** SDAR's form: a block's rows once more with the next one, and rows for first masks, which the other form shares */
  readonly commits: boolean;
  /** so often a pass takes up to four times as long; all others vary by half of it */
  readonly noise: number;
}

/** A block or window: how it was decoded, where the text and the clock stood as it was opened. */
export interface Stretch {
  readonly way: string;
  readonly at: number;
  readonly milliseconds: number;
}

type Draft = Candidate & Pick<Guess, "right">;

/** Decodes by the engine's rules what a world says. */
export class Play {
  readonly stretches: Stretch[] = [];
  tokens = 0;
  milliseconds = 0;
  /** tokens that one token at a time would not have chosen */
  wrong = 0;
  readonly #place: Place;
  readonly #policy: Policy;
  #passes = 0;
  #drafts: readonly Draft[] = [];

  constructor(place: Place, policy: Policy, length: number) {
    this.#place = place;
    this.#policy = policy;
    while (this.tokens < length) {
      const settings = policy.settings();
      const way = `${settings.strategy} ${settings.blockLength}`;
      this.stretches.push({ way, at: this.tokens, milliseconds: this.milliseconds });
      if (settings.strategy === "self_speculative") this.#window(settings, length);
      else this.#block(settings);
    }
  }

  /** Tokens a millisecond from a stretch on. */
  rateFrom(stretch: number): number {
    const { at, milliseconds } = this.stretches[stretch] ?? { at: 0, milliseconds: 0 };
    return (this.tokens - at) / (this.milliseconds - milliseconds);
  }

  #window(settings: DecodingSettings, length: number): void {
    const { world } = this.#place;
    const start = this.tokens;
    const plan = planWindow(start, this.#drafts, length + 1, settings);
    const checked = this.#drafts.slice(0, plan.drafts.length);
    const refused = checked.findIndex(({ right }) => !right);
    const accepted = refused === -1 ? checked.length : refused;
    const last = start + checked.length;
    const ahead = Array.from({ length: plan.ahead + 1 }, (_, offset) => world(last, offset));
    // Where nothing is refused, the token of a draft is 0, that of a check too; else the first check differs.
    const verifiers = checked.map((_, index) => slot(start + index, world(start + index, 0)));
    const slots = [...verifiers, ...ahead.map((guess, index) => slot(last + index, guess))].map(
      (each, index) => Object.assign(each, { token: index === refused ? 1 : 0, unmasked: index <= accepted }),
    );
    this.#opened(settings, start, checked);
    const verifierRows = this.#place.commits ? checked.length + 1 : 0;
    const hedged = plan.hedges.flatMap(({ after, masks }) =>
      Array.from({ length: masks }, (_, index) => slot(0, world(start + after, index + 1))),
    );
    const readings = [...slots, ...hedged].map((each) => Object.assign({ entropy: 0 }, each));
    const behind = refused === -1 ? [] : guessesBehind(plan, readings);
    const told = behind.map(({ token, confidence }) => ({ token, probability: confidence }));
    const rows = 1 + checked.length + verifierRows + plan.ahead + hedged.length;
    this.#pass(settings, slots, rows, told.length > 0 ? { hedged: told } : {});
    const thresholds = { ...settings, promptLookup: 0, stopTokenIds: [] };
    this.#drafts = proposeDrafts(guessesBehind(plan, readings), { ids: [], from: 0 }, thresholds).map(
      (draft, index) => Object.assign({ right: world(start + accepted, index + 1).right }, draft),
    );
    this.tokens = start + accepted + 1;
  }

  #block(settings: DecodingSettings): void {
    const { strategy, blockLength } = settings;
    if (strategy === "self_speculative") throw new Error("a window is no block");
    const { world, commits } = this.#place;
    const start = this.tokens;
    const end = commits ? (Math.floor(start / blockLength) + 1) * blockLength : start + blockLength;
    let masked = Array.from({ length: end - start }, (_, index) => start + index);
    let known = commits ? Math.min(start, blockLength) : 1;
    this.#drafts = [];
    this.#opened(settings, start, []);
    while (masked.length > 0) {
      const first = masked[0] ?? 0;
      const guesses = masked.map((position) => world(first, position - first));
      const confidence = guesses.map((guess) => guess.confidence);
      const chosen = choosePositions(strategy, { confidence, entropy: [] }, { ...settings, count: 1 });
      this.wrong += chosen.filter((index) => index > 0 && guesses[index]?.right === false).length;
      const slots = guesses.map((guess, index) =>
        Object.assign(slot(masked[index] ?? 0, guess), { unmasked: chosen.includes(index) }),
      );
      const shared = !commits && masked.length === end - start ? 1 : 0;
      this.#pass(settings, slots, (commits ? end - start : masked.length) + known - shared);
      known = commits ? 0 : chosen.length;
      masked = masked.filter((_, index) => !chosen.includes(index));
    }
    this.tokens = end;
  }

  #opened(settings: DecodingSettings, start: number, drafts: BlockOpened["drafts"] & {}): void {
    const block = this.stretches.length - 1;
    this.#policy.hear({ type: "block_opened", block, start, ids: [], drafts, settings });
  }

  #pass(
    settings: DecodingSettings,
    slots: Denoised["slots"],
    rows: number,
    hedged: Pick<Denoised, "hedged"> = {},
  ): void {
    const { machine, noise } = this.#place;
    const number = this.#passes++;
    const isDisturbed = chance(number, 77) < noise;
    const factor = isDisturbed ? 1 + 3 * chance(number, 78) : 1 + noise * (chance(number, 79) - 0.5);
    const milliseconds = machine(rows, this.tokens) * factor;
    this.milliseconds += milliseconds;
    const block = this.stretches.length - 1;
    const elapsed = this.milliseconds;
    this.#policy.hear({
      type: "denoised",
      block,
      step: 0,
      slots,
      ...hedged,
      settings,
      rows,
      milliseconds,
      elapsed,
    });
  }
}

function slot(position: number, { confidence }: Guess): Denoised["slots"][number] {
  return { position, token: 0, confidence, runnersUp: [], unmasked: false };
}
