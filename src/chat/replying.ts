import type { DecodingSettings, EngineEvent } from "../engine/index.ts";
import type { Tokenizer } from "../model/index.ts";
import type { Prompt } from "./prompt.ts";
import type { ReplyProgress } from "./reply-progress.ts";
import { changeOf } from "./transcript-steps.ts";
import type { RecordedTurn, Reply, Turn } from "./turns.ts";

/** An answer that is being decoded. */
export interface Running {
  readonly user: string;
  readonly prompt: Prompt;
  /** those it began with */
  readonly settings: DecodingSettings;
  /** what the knobs stood at then */
  readonly knobs: DecodingSettings;
  readonly progress: ReplyProgress;
  readonly events: EngineEvent[];
}

/** The turn as it is kept, however its reply ended. */
export function turnOf(running: Running, problem: string | undefined, tokenizer: Tokenizer): Turn {
  const { user, prompt, settings, knobs, progress, events } = running;
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
  return { user, promptIds: prompt.ids, reply, events };
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
  const turned = Object.entries(now).filter(([name, value]) => before.get(name) !== value);
  return { ...settings, ...Object.fromEntries(turned) };
}

/** A turn of a transcript, with its text. */
export function withContent(turn: RecordedTurn, tokenizer: Tokenizer): Turn {
  return { ...turn, reply: { ...turn.reply, content: tokenizer.decode(turn.reply.ids) } };
}

/** Tokens of prompt and reply, of the running answer or else of the last one. */
export function tokensOf(running: Running | undefined, last: Turn | undefined): number {
  if (running !== undefined) return running.prompt.ids.length + running.progress.ids.length;
  return (last?.promptIds.length ?? 0) + (last?.reply.ids.length ?? 0);
}
