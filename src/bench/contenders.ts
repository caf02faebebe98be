import type { DecodingSettings, Engine, Strategy } from "../engine/index.ts";
import { decodeOnce, type DecodingRun } from "./decode-once.ts";

/** One way of decoding that a run compares. */
export interface Contender {
  /** short enough for a table: "dynamic 0.9 b8" */
  readonly name: string;
  /** contenders of one curve differ in the block length or in one knob */
  readonly curve: string;
  readonly blockLength: number;
  /** Decodes one prompt from an empty cache, `maxTokens` at most. Reason "aborted" if the signal ended it. */
  decode(promptIds: readonly number[], maxTokens: number, signal?: AbortSignal): Promise<DecodingRun>;
}

/** What the rows of a run are made of. */
export interface Grid {
  readonly strategies: readonly Strategy[];
  readonly blockLengths: readonly number[];
  /** of low_confidence_dynamic */
  readonly thresholds: readonly number[];
}

type Variant = Omit<Contender, "decode" | "blockLength"> & { readonly settings: DecodingSettings };

/**
 * Block length 1 first, with which all others are compared; then strategy by strategy, block length by block length; last
 * what the dial chooses, which has learned from all that ran before it.
 */
export function contenders(engine: Engine, wanted: DecodingSettings, grid: Grid): Contender[] {
  const settings = { ...wanted, doubt: "off" } as const;
  const inOrder = { ...settings, strategy: "sequential", blockLength: 1 } as const;
  const blocks = grid.blockLengths.filter((length) => length > 1);
  const compared = grid.strategies.flatMap((strategy) =>
    blocks.flatMap((blockLength) => variants({ ...settings, strategy, blockLength }, grid)),
  );
  const single = { name: "block length 1", curve: "block length 1", settings: inOrder };
  const dialled = (["exact", "balanced"] as const).map((doubt) => ({
    name: `auto ${doubt}`,
    curve: "auto",
    settings: { ...settings, doubt },
  }));
  return [single, ...compared, ...dialled].map((variant) => contender(engine, variant));
}

function contender(engine: Engine, { name, curve, settings }: Variant): Contender {
  return {
    name,
    curve,
    blockLength: settings.blockLength,
    decode: (promptIds, maxTokens, signal) =>
      decodeOnce(engine, promptIds, { ...settings, maxTokens }, signal),
  };
}

function variants(settings: DecodingSettings, { thresholds }: Grid): Variant[] {
  const { strategy, blockLength, entropyBudget } = settings;
  const named = (name: string, change: Partial<DecodingSettings> = {}): Variant => ({
    name: `${name} b${blockLength}`,
    curve: strategy,
    settings: { ...settings, ...change },
  });
  const made: Record<Strategy, () => Variant[]> = {
    sequential: () => [named("sequential")],
    low_confidence_static: () => [named("static 2 a pass", { denoisingSteps: Math.ceil(blockLength / 2) })],
    low_confidence_dynamic: () => thresholds.map((threshold) => named(`dynamic ${threshold}`, { threshold })),
    entropy_bounded: () => [named(`entropy ${entropyBudget}`)],
    self_speculative: () => [named("self-speculative")],
  };
  return made[strategy]();
}
