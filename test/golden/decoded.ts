import { Decoding, type DecodingOptions, type Step } from "../../src/engine/decoding/decoding.ts";
import type { DecodingSettings } from "../../src/engine/index.ts";
import type { Session } from "../../src/engine/decoding/session.ts";

/** A decoding of whole blocks: what each pass found and chose, and the text. */
export interface Decoded {
  readonly steps: readonly Step[];
  readonly ids: readonly number[];
  readonly borders: readonly number[];
  /** tokens of the prompt that the cache already had */
  readonly reused: number;
}

export interface DecodeRequest {
  readonly promptIds: readonly number[];
  readonly borders?: readonly number[];
  readonly settings: DecodingSettings;
  readonly fused?: boolean;
  readonly redraft?: DecodingOptions["redraft"];
  /** settings of a pass, by its number; default: `settings` always */
  readonly settingsAt?: (pass: number) => DecodingSettings;
}

/** Decodes whole blocks until `settings.maxTokens` tokens are there. */
export async function decode(session: Session, request: DecodeRequest): Promise<Decoded> {
  const { settings, settingsAt = () => settings, fused = true, redraft } = request;
  const options = redraft === undefined ? { fused } : { fused, redraft };
  const decoding = new Decoding(session, request, settings, options);
  const { sequence } = decoding;
  const steps: Step[] = [];
  while (decoding.needsPrefill) await decoding.prefill();
  while (sequence.ids.length < request.promptIds.length + settings.maxTokens) {
    decoding.open(settingsAt(steps.length));
    while (sequence.masked.length > 0) steps.push(await decoding.step(settingsAt(steps.length)));
  }
  decoding.end();
  return { steps, ids: sequence.ids, borders: sequence.borders, reused: decoding.reused };
}

/** How near to another outcome a decision may be for f32 not to settle it. */
const nearness = 2e-4;

/** The largest difference of confidence between two decodings, or where they part: at a near decision or not. */
export type Comparison =
  | { readonly largest: number }
  | { readonly parted: "near" | "far"; readonly step: number };

export function compare(a: Decoded, b: Decoded, settings: DecodingSettings): Comparison {
  let largest = 0;
  for (const [index, step] of a.steps.entries()) {
    const other = b.steps[index];
    if (other === undefined || choices(step) !== choices(other)) {
      const near = isNear(step, settings) || isNearDraft(a.steps[index - 1], settings);
      return { parted: near ? "near" : "far", step: index };
    }
    for (const [slot, { confidence }] of step.readings.entries()) {
      largest = Math.max(largest, Math.abs(confidence - (other.readings[slot]?.confidence ?? Number.NaN)));
    }
  }
  return { largest };
}

function choices({ readings, unmasked }: Step): string {
  return JSON.stringify([readings.map(({ position, token }) => [position, token]), unmasked]);
}

/** Whether a decision of a greedy step hangs on less than `nearness`: a token, an order, a threshold, a budget. */
function isNear({ readings }: Step, { threshold, entropyBudget }: DecodingSettings): boolean {
  const confidences = readings.map(({ confidence }) => confidence).toSorted((x, y) => x - y);
  const entropies = readings.map(({ entropy }) => entropy).toSorted((x, y) => x - y);
  const sums = entropies.map((_, index) => entropies.slice(0, index + 1).reduce((x, y) => x + y));
  const gaps = [
    ...readings.map(({ confidence, runnersUp }) => confidence - (runnersUp[0]?.probability ?? 0)),
    ...confidences.slice(1).map((value, index) => value - (confidences[index] ?? 0)),
    ...confidences.map((value) => value - threshold),
    ...entropies.slice(1).map((value, index) => value - (entropies[index] ?? 0)),
    ...sums.map((value) => value - entropyBudget),
  ];
  return gaps.some((gap) => Math.abs(gap) < nearness);
}

/** Whether a pass of self_speculative was so near to other drafts, or to other guesses, that the next one may differ. */
function isNearDraft(step: Step | undefined, settings: DecodingSettings): boolean {
  if (step === undefined || settings.strategy !== "self_speculative") return false;
  const { draftThreshold, lookaheadThreshold, hedgeThreshold } = settings;
  const gaps = [step.readings, step.hedged].flatMap((all) =>
    all.flatMap((_, from) => {
      let before = 1;
      return all.slice(from).flatMap(({ confidence }) => {
        const [refusal, chance] = [before * (1 - confidence), before * confidence];
        before = chance;
        const hedges = [1, 2, 4, 8].map((share) => refusal / share - hedgeThreshold);
        return hedges.concat(chance - draftThreshold, chance - lookaheadThreshold);
      });
    }),
  );
  return isNear(step, settings) || gaps.some((gap) => Math.abs(gap) < nearness);
}

/** Logits of three rows that see the whole cache and each other: what the cache holds shows in them. */
export async function probe({ graph, rows }: Session): Promise<Float32Array> {
  const ids = [7, 8, 9];
  rows.clear();
  for (const [index, id] of ids.entries()) {
    rows.add(id, graph.cached + index);
    rows.ask(graph.cached + index);
  }
  rows.look(() => true);
  const { logits } = await graph.run(rows, 1, true);
  return logits ?? new Float32Array(0);
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))), 0);
}
