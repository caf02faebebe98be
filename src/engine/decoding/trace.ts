import { UserError } from "../../errors.ts";
import { Decoding, type DecodingOptions, type OpenBlock, type Step } from "./decoding.ts";
import type { GenerateRequest } from "../engine.ts";
import type { Session } from "./session.ts";
import type { DecodingSettings } from "../settings.ts";

/** A denoising pass, as the golden traces write it. */
export interface TraceStep {
  /** number of the block, counted from position 0 of the sequence */
  readonly block: number;
  readonly step: number;
  /** positions that the plan of the block gave this step */
  readonly transfer: number;
  /** causal context only: the rows of the pass, [id, position, carry], without those of a prefill */
  readonly rows?: readonly (readonly [number, number, number])[];
  /** positions masked before the pass */
  readonly masked: readonly number[];
  readonly tokens: readonly number[];
  readonly confidence: readonly number[];
  /** entropy_bounded only, nats */
  readonly entropy?: readonly number[];
  readonly unmasked: readonly number[];
}

export interface Trace {
  readonly prompt: readonly number[];
  readonly settings: Readonly<Record<string, string | number | readonly number[]>>;
  readonly steps: readonly TraceStep[];
  /** prompt and all decoded blocks, nothing cut */
  readonly ids: readonly number[];
  readonly stopped: boolean;
  readonly forwards: Decoding["counts"];
}

export type TraceRequest = Omit<GenerateRequest, "signal">;

/**
 * Decodes by the loop of the golden traces: whole blocks up to ceil((prompt + maxTokens) / block length), the last
 * one committed, nothing cut, the stop test after each block (JetAstra/SDAR, huggingface_bd3.py).
 * @throws UserError usage, context-full, engine
 */
export async function trace(
  session: Session,
  request: TraceRequest,
  options?: DecodingOptions,
): Promise<Trace> {
  const { promptIds } = request;
  const blockLength = Math.min(request.settings.blockLength, session.longestBlock);
  const settings = { ...request.settings, blockLength };
  const stopTokenIds = request.stopTokenIds ?? session.config.stopTokenIds;
  const end = wholeBlocks(promptIds.length + settings.maxTokens, settings, session.config.contextLength);
  const decoding = new Decoding(session, request, settings, options);
  const { sequence, promptLength } = decoding;
  const steps: TraceStep[] = [];
  let stopped = false;
  try {
    while (decoding.needsPrefill) await decoding.prefill();
    while (sequence.ids.length < end && !stopped) {
      const block = decoding.open(settings);
      while (sequence.masked.length > 0) {
        const step = await decoding.step(settings);
        steps.push(traceStep(session, block, step, settings, promptLength));
      }
      stopped = sequence.ids.slice(promptLength).some((id) => stopTokenIds.includes(id));
    }
    await decoding.commit();
  } finally {
    decoding.end();
  }
  return {
    prompt: promptIds,
    settings: goldenSettings(settings, stopTokenIds),
    steps,
    ids: sequence.ids,
    stopped,
    forwards: decoding.counts,
  };
}

function wholeBlocks(tokens: number, { blockLength }: DecodingSettings, contextLength: number): number {
  const end = Math.ceil(tokens / blockLength) * blockLength;
  checkRoom(end, contextLength);
  return end;
}

/** A trace cuts nothing: all that was asked must fit. @throws UserError context-full */
export function checkRoom(end: number, contextLength: number): void {
  if (end <= contextLength) return;
  const [needed, context] = [end, contextLength].map((count) => count.toLocaleString("en"));
  throw new UserError(
    "context-full",
    `The prompt and the tokens asked, in whole blocks, come to ${needed} tokens and the model's context holds ${context}. Ask for fewer tokens or shorten the prompt.`,
  );
}

function traceStep(
  session: Session,
  block: OpenBlock,
  { planned, readings, unmasked }: Step,
  { strategy, blockLength }: DecodingSettings,
  promptLength: number,
): TraceStep {
  return {
    block: Math.floor((block.end - 1) / blockLength),
    step: block.steps - 1,
    transfer: planned,
    ...(session.form.commits ? {} : { rows: rowsOf(session, promptLength) }),
    masked: readings.map((reading) => reading.position),
    tokens: readings.map((reading) => reading.token),
    confidence: readings.map((reading) => reading.confidence),
    ...(strategy === "entropy_bounded" ? { entropy: readings.map((reading) => reading.entropy) } : {}),
    unmasked,
  };
}

/** The rows of the last pass, but those that only a prefill fused into it has: all of the prompt but its last token. */
function rowsOf({ rows }: Session, promptLength: number): [number, number, number][] {
  const all = Array.from(rows.ids, (id, row): [number, number, number] => [
    Number(id),
    Number(rows.positions[row]),
    rows.carry[row] ?? 0,
  ]);
  return all.filter(([, position]) => position >= promptLength - 1);
}

/** Settings under the names of the official code. */
function goldenSettings(settings: DecodingSettings, stopTokenIds: readonly number[]): Trace["settings"] {
  const { strategy, blockLength, denoisingSteps, temperature, topK, topP, seed, maxTokens } = settings;
  return {
    strategy,
    block_length: blockLength,
    denoising_steps: denoisingSteps === "block_length" ? blockLength : denoisingSteps,
    temperature,
    top_k: topK,
    top_p: topP,
    seed,
    gen_length: maxTokens,
    stop_token_ids: stopTokenIds,
    ...(strategy === "low_confidence_dynamic" ? { confidence_threshold: settings.threshold } : {}),
    ...(strategy === "entropy_bounded" ? { eb_threshold: settings.entropyBudget } : {}),
  };
}
