import {
  checkSettings,
  recordedSteps,
  type DecodingSettings,
  type EngineEvent,
  type GenerateRequest,
} from "../engine/index.ts";
import { UserError } from "../errors.ts";
import type { Tokenizer } from "../model/index.ts";
import type { LoadedModel, SendOptions } from "./conversation-options.ts";
import { promptFor, type History } from "./history.ts";
import type { Insert } from "./message.ts";
import type { Prompt } from "./prompt.ts";
import { ReplyProgress } from "./reply-progress.ts";
import { nothingAsked } from "./refusals.ts";
import { changeOf } from "./transcript-steps.ts";
import type { RecordedTurn, Reply, Turn } from "./turns.ts";

/** An answer that is being decoded. */
export interface Running {
  readonly user: string;
  readonly inserts: readonly Insert[];
  readonly prompt: Prompt;
  /** those it began with */
  readonly settings: DecodingSettings;
  /** what the knobs stood at then */
  readonly knobs: DecodingSettings;
  readonly progress: ReplyProgress;
  readonly events: EngineEvent[];
}

/** What is known of a question besides its text. */
interface Asked extends Pick<SendOptions, "change" | "inserts"> {
  readonly knobs: DecodingSettings;
}

/**
 * The answer to `user` after all that was said, about to be decoded.
 * @throws UserError usage: the text is empty, or a setting is no value of its knob; context-full
 */
export function runningOf(
  user: string,
  history: History,
  { folder, tokenizer }: LoadedModel,
  { knobs, change = {}, inserts = [] }: Asked,
): Running {
  if (user.trim() === "") throw new UserError("usage", "The message is empty: type a question.");
  const { contextLength, stopTokenIds } = folder.config;
  const prompt = promptFor(history, user, tokenizer, contextLength);
  const settings = { ...knobs, ...change };
  checkSettings(settings);
  const progress = new ReplyProgress(prompt.ids.length, stopTokenIds);
  return { user, inserts, prompt, settings, knobs, progress, events: [] };
}

/** What the engine is asked. */
export function requestOf(
  { prompt, settings }: Running,
  { signal, reuse, steps }: SendOptions,
): GenerateRequest {
  const { ids: promptIds, borders } = prompt;
  return {
    promptIds,
    borders,
    settings,
    ...(signal && { signal }),
    ...(reuse !== undefined && { reuse }),
    ...(steps !== undefined && { again: steps }),
  };
}

/** The turn as it is kept, however its reply ended. */
export function turnOf(running: Running, problem: string | undefined, tokenizer: Tokenizer): Turn {
  const { user, inserts, prompt, settings, knobs, progress, events } = running;
  const { finished, ids } = progress;
  const reply: Reply = {
    content: tokenizer.decode(ids),
    ids,
    // Without the engine's word on it, the partition of the reply is not known: it is cut anew.
    borders: finished?.borders ?? prompt.borders,
    end: finished?.reason ?? (problem === undefined ? "aborted" : "failed"),
    ...(problem !== undefined && finished === undefined && { problem }),
    settings,
    ...(changeOf(settings, knobs) !== undefined && { knobs }),
  };
  return { user, ...(inserts.length > 0 && { inserts }), promptIds: prompt.ids, reply, events };
}

/**
 * How the last message is asked again. With the same settings also the passes are the same as then: over the prompt, for
 * sums in another order would round 8-bit activations elsewhere, and step by step, for the dial goes by the clock.
 * @throws UserError usage: nothing was asked yet
 */
export function askedAgain(
  turns: readonly Turn[],
  now: DecodingSettings,
  change: Partial<DecodingSettings> = {},
): { readonly text: string; readonly options: SendOptions } {
  const last = turns.at(-1);
  if (last === undefined) throw nothingAsked();
  const settings = { ...settingsAgain(last.reply, now), ...change };
  const prefilled = last.events.find((event) => event.type === "prefilled");
  const isSame = changeOf(settings, last.reply.settings) === undefined;
  const same =
    isSame && prefilled !== undefined
      ? { reuse: prefilled.reusedTokens, steps: recordedSteps(last.events) }
      : {};
  const { user: text, inserts = [] } = last;
  return { text, options: { change: settings, after: turns.length - 1, inserts, ...same } };
}

/**
 * What an answer is decoded with again: as it was, but for the knobs that were turned since. With nothing turned the
 * same text comes.
 */
export function settingsAgain(
  { settings, knobs = settings }: Pick<Reply, "settings" | "knobs">,
  now: DecodingSettings,
): DecodingSettings {
  const before = new Map<string, unknown>(Object.entries(knobs));
  const turned = Object.entries(now).filter(
    ([name, value]) => before.has(name) && before.get(name) !== value,
  );
  return { ...settings, ...Object.fromEntries(turned) };
}

/** A turn of a transcript, with its text. */
export function withContent(turn: RecordedTurn, tokenizer: Tokenizer): Turn {
  return { ...turn, reply: { ...turn.reply, content: tokenizer.decode(turn.reply.ids) } };
}

/** Those of the last pass of an answer. */
export function lastSettings(
  answer: { readonly events: readonly EngineEvent[] } | undefined,
): DecodingSettings | undefined {
  return answer?.events.findLast((event) => event.type === "denoised")?.settings;
}

/** Tokens of prompt and reply, of the running answer or else of the last one. */
export function tokensOf(running: Running | undefined, last: Turn | undefined): number {
  if (running !== undefined) return running.prompt.ids.length + running.progress.ids.length;
  return (last?.promptIds.length ?? 0) + (last?.reply.ids.length ?? 0);
}
