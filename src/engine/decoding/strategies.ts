import type { DecodingSettings, RemaskingStrategy } from "../settings.ts";

/** What a pass says about the masked positions of a block, in order of position. */
export interface Candidates {
  /** f32 probabilities of the tokens chosen */
  readonly confidence: readonly number[];
  /** of the whole distributions, nats */
  readonly entropy: readonly number[];
}

/** What limits the choice of one step. */
export interface StepLimits extends Pick<DecodingSettings, "threshold" | "entropyBudget"> {
  /** positions that the plan of the block gives this step: see `plannedCount` */
  readonly count: number;
}

/** Indexes of the positions to unmask: of `candidates`, at least one of them. */
type Rule = (candidates: Candidates, limits: StepLimits) => number[];

const sequential: Rule = ({ confidence }, { count }) => [...confidence.keys()].slice(0, count);

const lowConfidenceStatic: Rule = ({ confidence }, { count }) =>
  [...confidence.keys()].toSorted((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0)).slice(0, count);

const lowConfidenceDynamic: Rule = (candidates, limits) => {
  const threshold = Math.fround(limits.threshold);
  const above = [...candidates.confidence.keys()].filter(
    (index) => (candidates.confidence[index] ?? 0) > threshold,
  );
  return above.length >= limits.count ? above : lowConfidenceStatic(candidates, limits);
};

const entropyBounded: Rule = ({ entropy }, { entropyBudget }) => {
  const ascending = [...entropy.keys()].toSorted((a, b) => (entropy[a] ?? 0) - (entropy[b] ?? 0));
  let sum = 0;
  let within = 0;
  for (const index of ascending) {
    sum += entropy[index] ?? 0;
    if (sum >= entropyBudget) break;
    within++;
  }
  return ascending.slice(0, Math.max(1, within));
};

const rules: Record<RemaskingStrategy, Rule> = {
  sequential,
  low_confidence_static: lowConfidenceStatic,
  low_confidence_dynamic: lowConfidenceDynamic,
  entropy_bounded: entropyBounded,
};

/**
 * Chooses which of the masked positions get their token in this step. Equal confidences: the left one first.
 * Rules: JetAstra/SDAR, huggingface_bd3.py (static, dynamic) and generate.py (sequential, entropy-bounded).
 * @returns indexes into `candidates`, ascending, none twice; never none unless there is no candidate
 */
export function choosePositions(
  strategy: RemaskingStrategy,
  candidates: Candidates,
  limits: StepLimits,
): number[] {
  return rules[strategy](candidates, limits).toSorted((a, b) => a - b);
}

/**
 * Positions that step `step` of a block is to unmask: blockLength / steps, the remainder one by one in the first
 * steps (huggingface_bd3.py, get_num_transfer_tokens). At least one, also past the planned steps.
 */
export function plannedCount(
  { blockLength, denoisingSteps }: Pick<DecodingSettings, "blockLength" | "denoisingSteps">,
  step: number,
): number {
  const steps = denoisingSteps === "block_length" ? blockLength : Math.min(denoisingSteps, blockLength);
  return Math.floor(blockLength / steps) + (step < blockLength % steps ? 1 : 0);
}
