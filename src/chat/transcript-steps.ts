import type { Candidate, DecodingSettings, Denoised, SlotReading } from "../engine/index.ts";
import type { SettingsChange, SlotLine, StepLine } from "./transcript-format.ts";

/** Probabilities are kept in steps of 1e-5, entropies in steps of 1e-4 nats. */
const probabilityScale = 1e5;
const entropyScale = 1e4;

/** A step in the form of a transcript. Only placed slots keep their runners-up. */
export function encodeStep(event: Denoised, start: number, before: DecodingSettings): StepLine {
  const placed = event.slots.filter((slot) => slot.unmasked).map((slot) => encodeSlot(slot, start, true));
  const waiting = event.slots.filter((slot) => !slot.unmasked).map((slot) => encodeSlot(slot, start, false));
  const change = changeOf(before, event.settings);
  const times: [number, number] = [tenths(event.elapsed), tenths(event.milliseconds)];
  const head = [...times, event.rows, placed, waiting] as const;
  if (event.hedged !== undefined) return [...head, change ?? {}, encodeCandidates(event.hedged)];
  return change === undefined ? [...head] : [...head, change];
}

/** The event that a step was made from, `before` being the settings before it. */
export function decodeStep(
  [elapsed, milliseconds, rows, placed, waiting, change, hedged]: StepLine,
  at: { readonly block: number; readonly step: number; readonly start: number },
  before: DecodingSettings,
): Denoised {
  const slots = [
    ...placed.map((slot) => decodeSlot(slot, at.start, true)),
    ...waiting.map((slot) => decodeSlot(slot, at.start, false)),
  ];
  return {
    type: "denoised",
    block: at.block,
    step: at.step,
    slots: slots.toSorted((a, b) => a.position - b.position),
    ...(hedged !== undefined && { hedged: decodeCandidates(hedged) }),
    settings: { ...before, ...change },
    rows,
    milliseconds,
    elapsed,
  };
}

/** The settings that are not as before; undefined if all are. */
export function changeOf(
  before: DecodingSettings,
  after: Partial<DecodingSettings>,
): SettingsChange | undefined {
  const was = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(([name, value]) => was.get(name) !== value);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

/** Tokens, each followed by its probability. */
export function encodeCandidates(candidates: readonly Candidate[]): number[] {
  return candidates.flatMap(({ token, probability }) => [token, Math.round(probability * probabilityScale)]);
}

export function decodeCandidates(pairs: readonly number[]): Candidate[] {
  return pairs.flatMap((token, index) =>
    index % 2 === 0 ? [{ token, probability: (pairs[index + 1] ?? 0) / probabilityScale }] : [],
  );
}

function encodeSlot(slot: SlotReading, start: number, withOthers: boolean): SlotLine {
  const others = withOthers ? slot.runnersUp : [];
  const head: [number, number, number] = [
    slot.position - start,
    slot.token,
    Math.round(slot.confidence * probabilityScale),
  ];
  const pairs = encodeCandidates(others);
  if (slot.entropy !== undefined)
    return [...head, pairs, Math.round(Math.max(0, slot.entropy) * entropyScale)];
  return pairs.length > 0 ? [...head, pairs] : head;
}

function decodeSlot(
  [offset, token, confidence, pairs = [], entropy]: SlotLine,
  start: number,
  unmasked: boolean,
): SlotReading {
  return {
    position: start + offset,
    token,
    confidence: confidence / probabilityScale,
    ...(entropy !== undefined && { entropy: entropy / entropyScale }),
    runnersUp: decodeCandidates(pairs),
    unmasked,
  };
}

/** Times are kept in tenths of a millisecond. */
export const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
