import type { DecodingSettings } from "../../engine/index.ts";
import type { ModelFacts } from "../models.ts";

/** A setting that asks of the model what it was not trained for. */
export interface Untrained {
  readonly key: "blockLength" | "strategy";
  /** what may come of it */
  readonly sentence: string;
}

/**
 * What of the settings the checkpoint was not trained for. With causal context block length 1 is what the model was
 * before it learned blocks. self_speculative writes the text of block length 1; its own block length is how far it
 * guesses, which costs passes and never changes the text.
 */
export function untrained(settings: DecodingSettings, model: ModelFacts): Untrained[] {
  const { strategy, blockLength, doubt } = settings;
  // The dial keeps to what the model was trained for by itself.
  if (doubt !== "off") return [];
  const lengths = lengthsOf(model);
  const known = `the model was trained at ${listText(lengths)}`;
  const found: Untrained[] = [];
  if (strategy === "self_speculative" && !lengths.includes(1)) {
    const sentence = `self_speculative writes the text of block length 1, and ${known}: it may be odd`;
    found.push({ key: "strategy", sentence });
  }
  if (!lengths.includes(blockLength)) {
    const outcome = writesInOrder(settings, model)
      ? "more guesses may be wrong, the text stays the same"
      : "the text may be odd";
    found.push({ key: "blockLength", sentence: `block length ${blockLength}: ${known}; ${outcome}` });
  }
  return found;
}

function lengthsOf({ blockContext, trainedBlockLengths }: ModelFacts): readonly number[] {
  const alsoOne = blockContext === "causal" && !trainedBlockLengths.includes(1);
  return alsoOne ? [1, ...trainedBlockLengths] : trainedBlockLengths;
}

/** Is the text that of one token at a time, whatever the block length? */
function writesInOrder(
  { strategy, denoisingSteps }: DecodingSettings,
  { blockContext }: ModelFacts,
): boolean {
  if (strategy === "self_speculative") return true;
  return strategy === "sequential" && blockContext === "causal" && denoisingSteps === "block_length";
}

function listText(lengths: readonly number[]): string {
  const last = lengths.at(-1);
  return lengths.length < 2 ? String(last) : `${lengths.slice(0, -1).join(", ")} and ${last}`;
}
