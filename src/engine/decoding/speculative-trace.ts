import { Decoding } from "./decoding.ts";
import type { Reading } from "./readings.ts";
import type { Session } from "./session.ts";
import type { DecodingSettings } from "../settings.ts";
import { acceptedDrafts, hedgedMasks, type Window } from "./speculation.ts";
import { checkRoom, type Trace, type TraceRequest } from "./trace.ts";

/** A pass of self_speculative, as the golden traces write it. */
export interface SpeculativePass {
  /** the first position that was not known */
  readonly start: number;
  /** of the rows, without those of a prefill that the first pass took along */
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  /** a letter a row: k the last known token, d a draft, v a verifier, a a mask ahead, h a mask of a hedge */
  readonly kinds: string;
  /** what the verifiers chose */
  readonly verified: readonly number[];
  readonly confidence: readonly number[];
  /** how many drafts stood, also behind a stop token */
  readonly accepted: number;
  /** what joined the text: the accepted drafts and one more, up to a stop token */
  readonly tokens: readonly number[];
  /** what the masks ahead chose */
  readonly ahead: readonly number[];
  readonly ahead_confidence: readonly number[];
  /** what the masks of hedges chose, if there are any: those for the first draft's refusal first */
  readonly hedged?: readonly number[];
  readonly hedged_confidence?: readonly number[];
  /** the next drafts */
  readonly proposed: readonly number[];
  /** causal context only: whether a row carries, 0 or 1 */
  readonly carry?: readonly number[];
}

export interface SpeculativeTrace extends Pick<Trace, "prompt" | "settings" | "stopped"> {
  readonly passes: readonly SpeculativePass[];
  /** prompt and reply, the stop token included */
  readonly ids: readonly number[];
  readonly counts: { readonly prefill_rows: number; readonly passes: number; readonly rows: number };
}

/**
 * Decodes with self_speculative from an empty cache, as the golden traces do.
 * @throws UserError usage, context-full, engine
 */
export async function traceSpeculation(session: Session, request: TraceRequest): Promise<SpeculativeTrace> {
  const { promptIds } = request;
  const settings: DecodingSettings = { ...request.settings, strategy: "self_speculative" };
  const stopTokenIds = request.stopTokenIds ?? session.config.stopTokenIds;
  const end = promptIds.length + settings.maxTokens;
  checkRoom(end, session.config.contextLength);
  session.graph.truncate(0);
  const decoding = new Decoding(session, request, settings);
  const passes: SpeculativePass[] = [];
  const text = [...promptIds];
  let stopped = false;
  try {
    while (decoding.needsPrefill) await decoding.prefill();
    while (text.length < end && !stopped) {
      const { window } = decoding.open(settings);
      const { readings, hedged } = await decoding.step(settings);
      if (window === undefined) throw new Error("self_speculative opened no window");
      const { tokens, ...found } = foundBy(window, readings, stopTokenIds);
      text.push(...tokens);
      stopped = stopTokenIds.includes(tokens.at(-1) ?? -1);
      const proposed = stopped ? [] : decoding.drafts(settings).map(({ token }) => token);
      passes.push({
        start: window.start,
        ...rowsOf(session, window),
        ...found,
        ...chosenBy(hedged),
        tokens,
        proposed,
      });
    }
  } finally {
    decoding.end();
  }
  return {
    prompt: promptIds,
    settings: goldenSettings(settings, stopTokenIds),
    passes,
    ids: text,
    stopped,
    counts: {
      prefill_rows: promptIds.length - 1,
      passes: passes.length,
      rows: passes.reduce((sum, { ids }) => sum + ids.length, 0),
    },
  };
}

function foundBy(window: Window, readings: readonly Reading[], stopTokenIds: readonly number[]) {
  const verifiers = readings.slice(0, window.drafts.length + 1);
  const ahead = readings.slice(verifiers.length);
  const accepted = acceptedDrafts(window, readings);
  const tokens = verifiers.slice(0, accepted + 1).map(({ token }) => token);
  const stop = tokens.findIndex((token) => stopTokenIds.includes(token));
  return {
    verified: verifiers.map(({ token }) => token),
    confidence: verifiers.map(({ confidence }) => confidence),
    accepted,
    tokens: stop === -1 ? tokens : tokens.slice(0, stop + 1),
    ahead: ahead.map(({ token }) => token),
    ahead_confidence: ahead.map(({ confidence }) => confidence),
  };
}

function chosenBy(hedged: readonly Reading[]): Pick<SpeculativePass, "hedged" | "hedged_confidence"> {
  if (hedged.length === 0) return {};
  return {
    hedged: hedged.map(({ token }) => token),
    hedged_confidence: hedged.map(({ confidence }) => confidence),
  };
}

function rowsOf({ rows, form }: Session, { start, drafts, ahead, hedges }: Window) {
  const hedged = hedgedMasks({ hedges });
  const kinds = `k${"d".repeat(drafts.length)}${"v".repeat(drafts.length + 1)}${"a".repeat(ahead)}${"h".repeat(hedged)}`;
  const from = rows.length - kinds.length;
  if (Number(rows.positions[from]) !== start - 1)
    throw new Error("a window begins with the last known token");
  return {
    ids: Array.from(rows.ids.subarray(from), Number),
    positions: Array.from(rows.positions.subarray(from), Number),
    kinds,
    ...(form.commits ? {} : { carry: Array.from(rows.carry.subarray(from)) }),
  };
}

/** Settings under the names of the golden traces. */
function goldenSettings(settings: DecodingSettings, stopTokenIds: readonly number[]): Trace["settings"] {
  const { promptLookup } = settings;
  return {
    strategy: settings.strategy,
    block_length: settings.blockLength,
    draft_threshold: settings.draftThreshold,
    lookahead_threshold: settings.lookaheadThreshold,
    hedge_threshold: settings.hedgeThreshold,
    ...(promptLookup > 0 ? { prompt_lookup: promptLookup } : {}),
    temperature: settings.temperature,
    top_k: settings.topK,
    top_p: settings.topP,
    seed: settings.seed,
    gen_length: settings.maxTokens,
    stop_token_ids: stopTokenIds,
  };
}
