import type { Candidate } from "../events.ts";
import type { Reading } from "./readings.ts";
import type { DecodingSettings, RemaskingStrategy } from "../settings.ts";
import type { Window } from "./speculation.ts";

/** The block that is being denoised, or the window that is being checked: a block of one pass. */
export interface OpenBlock {
  /** counted from 0 at the first block of the reply */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** what holds for the whole block */
  readonly plan: Pick<DecodingSettings, "blockLength" | "denoisingSteps">;
  /** self_speculative only */
  readonly window?: Window;
  /** of a block: the remasking strategy that was last in force; no other can take it over before it is finished */
  remasking?: RemaskingStrategy;
  /** passes over the block so far */
  steps: number;
}

/** What one denoising pass did. */
export interface Step {
  /** positions that the plan gave it (see plannedCount) */
  readonly planned: number;
  /** of every position that was masked before it, ascending */
  readonly readings: readonly Reading[];
  /** of a window's hedges, one after another; their positions are masked ones too, or lie behind the window */
  readonly hedged: readonly Reading[];
  /** the positions that have their token from now on, ascending */
  readonly unmasked: readonly number[];
}

export interface DecodingOptions {
  /** false: prefill and commits are passes of their own. The numbers are the same; for the tests of that */
  readonly fused: boolean;
  /** puts other guesses in the place of those proposed: the text is the same. For the tests of that */
  readonly redraft?: (drafts: readonly Candidate[]) => readonly Candidate[];
}
