import {
  changeFromText,
  checkSettings,
  doubts,
  takeOver,
  type DecodingSettings,
  type EngineEvent,
} from "../engine/index.ts";
import { UserError } from "../errors.ts";
import { type AnswerState, reduceAnswer, waitingAnswer } from "./answer.ts";
import type { LoadedModel } from "./conversation-options.ts";
import { promptFor } from "./history.ts";
import { nothingAsked } from "./refusals.ts";
import type { Turn } from "./turns.ts";

/** One of two ways to decode: its name, and what it changes of the settings that both share. */
export interface Side {
  readonly name: string;
  readonly change: Partial<DecodingSettings>;
}

/** What both sides are asked, and what was said before. */
export interface Question {
  readonly text: string;
  readonly system: string | undefined;
  readonly turns: readonly Turn[];
  /** what they share, the seed included */
  readonly settings: DecodingSettings;
}

export interface SideAnswer {
  readonly side: Side;
  /** those it began with */
  readonly settings: DecodingSettings;
  readonly ids: readonly number[];
  /** after its last event; stopped, its reason is "aborted" */
  readonly answer: AnswerState;
}

/** The first token that is not the same; a label is absent where that text has ended. */
export interface Parting {
  /** counted from 0 at the beginning of the answer */
  readonly at: number;
  readonly labels: readonly [string | undefined, string | undefined];
}

export interface Comparison {
  readonly question: string;
  /** in the order of decoding; only those that began, where it was stopped */
  readonly answers: readonly SideAnswer[];
  /** absent: token by token the same */
  readonly parting?: Parting;
}

export interface CompareOptions {
  /** ends it within one pass */
  readonly signal?: AbortSignal;
  /** the next side begins */
  readonly onSide?: (side: Side, settings: DecodingSettings) => void;
  readonly onEvent?: (event: EngineEvent) => void;
}

/**
 * A side as it is typed: "now" changes nothing; else a stop of the dial, or knobs, "block-length=1,threshold=0.8".
 * @param change reads one knob
 * @throws UserError usage
 */
export function sideTyped(typed: string, change: typeof changeFromText = changeFromText): Side {
  if (typed === "now") return { name: typed, change: {} };
  const doubt = doubts.find((name) => name === typed);
  if (doubt !== undefined) return { name: typed, change: { doubt } };
  const knobs = typed.split(",").map((each) => each.split("="));
  if (knobs.every((parts) => parts.length === 2 && parts.every((part) => part !== ""))) {
    const changes = knobs.map(([name = "", value = ""]) => change(name, value));
    return { name: typed, change: Object.assign({}, ...changes) };
  }
  const known = ["now", ...doubts].join(", ");
  throw new UserError(
    "usage",
    `"${typed}" is no way to decode. There are: ${known}; or knobs, as in block-length=1,threshold=0.8.`,
  );
}

/**
 * What is asked again: a text after all that was said, or the last message where it was asked.
 * @throws UserError usage: there is neither
 */
export function questionOf(
  { system, turns, settings }: Omit<Question, "text">,
  text: string | undefined,
): Question {
  if (text !== undefined) return { text, system, turns, settings };
  const last = turns.at(-1);
  if (last === undefined) throw nothingAsked();
  return { text: last.user, system, turns: turns.slice(0, -1), settings };
}

/**
 * Decodes the same question on one side after the other. What the engine has cached of the prompt when the first side
 * begins, and no more, also the others use: so both do the same work for it.
 * @throws UserError usage, context-full, engine
 */
export async function compareAnswers(
  { engine, tokenizer, folder }: LoadedModel,
  { text, system, turns, settings }: Question,
  sides: readonly Side[],
  { signal, onSide, onEvent }: CompareOptions = {},
): Promise<Comparison> {
  for (const { change } of sides) checkSettings(change);
  const { ids: promptIds, borders } = promptFor(
    { system, turns },
    text,
    tokenizer,
    folder.config.contextLength,
  );
  const answers: SideAnswer[] = [];
  let reuse: number | undefined;
  for (const side of sides) {
    if (signal?.aborted === true) break;
    const own = { ...settings, ...takeOver(side.change, settings, settings) };
    onSide?.(side, own);
    let answer = waitingAnswer(own);
    let ids: readonly number[] = [];
    const limits = { ...(signal && { signal }), ...(reuse !== undefined && { reuse }) };
    for await (const event of engine.generate({ promptIds, borders, settings: own, ...limits })) {
      answer = reduceAnswer(answer, event, tokenizer);
      if (event.type === "prefilled") reuse ??= event.reusedTokens;
      if (event.type === "finished") ({ ids } = event);
      onEvent?.(event);
    }
    answers.push({ side, settings: own, ids, answer });
  }
  const parting = partingOf(answers, (id) => tokenizer.label(id));
  return { question: text, answers, ...(parting !== undefined && { parting }) };
}

function partingOf([a, b]: readonly SideAnswer[], label: (id: number) => string): Parting | undefined {
  if (a === undefined || b === undefined) return undefined;
  const length = Math.max(a.ids.length, b.ids.length);
  const at = Array.from({ length }).findIndex((_, index) => a.ids[index] !== b.ids[index]);
  if (at === -1) return undefined;
  const labelAt = (id: number | undefined) => (id === undefined ? undefined : label(id));
  return { at, labels: [labelAt(a.ids[at]), labelAt(b.ids[at])] };
}
