import type {
  BlockFinished,
  BlockOpened,
  DecodingSettings,
  Denoised,
  EngineEvent,
  Finished,
  Prefilled,
} from "../engine/index.ts";
import type { TokenText } from "../model/index.ts";
import { type AnswerBlock, denoiseBlock, keptIn, openBlock } from "./answer-block.ts";
import { type AnswerRates, noRates, ratesOf } from "./answer-rates.ts";

/** All that a viewer needs to know of an answer while it is decoded and after. */
export interface AnswerState {
  readonly phase: "waiting" | "decoding" | "finished";
  /** text of the finished blocks, whole characters only: it never changes, only grows */
  readonly text: string;
  /** bytes of a character that the next block completes */
  readonly held: Uint8Array;
  /** the block being decoded; absent before the first and after the last */
  readonly block?: AnswerBlock;
  /** in force at the last pass */
  readonly settings: DecodingSettings;
  readonly prompt?: { readonly tokens: number; readonly reused: number };
  readonly rates: AnswerRates;
  readonly reason?: Finished["reason"];
}

/** The state of an answer that was just asked for. */
export function waitingAnswer(settings: DecodingSettings): AnswerState {
  return { phase: "waiting", text: "", held: new Uint8Array(), settings, rates: noRates };
}

/** The next state; pure. `tokens` is the conversation's tokenizer. */
export function reduceAnswer(state: AnswerState, event: EngineEvent, tokens: TokenText): AnswerState {
  if (event.type === "prefilled") return prefill(state, event);
  if (event.type === "block_opened") return open(state, event, tokens);
  if (event.type === "denoised") return denoise(state, event, tokens);
  if (event.type === "block_finished") return finishBlock(state, event, tokens);
  if (event.type === "device_changed") return state;
  return finish(state, event, tokens);
}

function prefill(state: AnswerState, event: Prefilled): AnswerState {
  return { ...state, prompt: { tokens: event.promptTokens, reused: event.reusedTokens } };
}

function open(state: AnswerState, event: BlockOpened, tokens: TokenText): AnswerState {
  const block = openBlock(event, state.prompt?.tokens ?? 0, tokens);
  // A block is opened again where another device goes on with it: what was placed of it doesn't count twice.
  const rates = { ...state.rates, tokens: state.rates.tokens - keptIn(state.block) };
  return { ...state, phase: "decoding", settings: event.settings, block, rates };
}

function denoise(state: AnswerState, event: Denoised, tokens: TokenText): AnswerState {
  if (state.block === undefined) return state;
  const block = denoiseBlock(state.block, event, state.held, tokens);
  const shown = state.text !== "" || block.slots.some((slot) => slot.text !== "");
  const rates = ratesOf({
    tokens: state.rates.tokens - keptIn(state.block) + keptIn(block),
    passes: state.rates.passes + 1,
    elapsedMs: event.elapsed,
    timeToFirstTextMs: state.rates.timeToFirstTextMs ?? (shown ? event.elapsed : undefined),
  });
  return { ...state, settings: event.settings, block, rates };
}

function finishBlock(state: AnswerState, event: BlockFinished, tokens: TokenText): AnswerState {
  const { block, ...rest } = state;
  const ids = event.ids.slice(Math.max(0, (state.prompt?.tokens ?? 0) - event.start));
  const { text, held } = tokens.append(state.held, ids);
  const kept = state.rates.tokens - keptIn(block) + ids.length;
  return { ...rest, text: state.text + text, held, rates: ratesOf({ ...state.rates, tokens: kept }) };
}

function finish(state: AnswerState, event: Finished, tokens: TokenText): AnswerState {
  const { block: _, ...rest } = state;
  const rates = ratesOf({
    tokens: event.ids.length,
    passes: event.passes.denoise + event.passes.commit,
    elapsedMs: event.milliseconds,
    timeToFirstTextMs: state.rates.timeToFirstTextMs,
  });
  const text = tokens.decode(event.ids);
  return { ...rest, phase: "finished", text, held: new Uint8Array(), rates, reason: event.reason };
}
