import { reduceAnswer, waitingAnswer, type AnswerBlock, type AnswerState } from "../../chat/index.ts";
import type { EngineEvent, Finished } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";
import { enqueue, release, releaseAll } from "../pacing.ts";
import { doubtedPieces } from "../text/doubt.ts";
import { piece, type Piece } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { emptyFlow } from "../text/flow.ts";
import { refusalIn } from "./refusals.ts";
import { notify, sayOn, withoutNotice } from "./notices.ts";
import { freshAnswer, type Answer } from "./shown-answer.ts";
import type { ChatState, Entry } from "./state.ts";

/** Steps whose yield is kept for the sparkline. */
const sparkline = 48;

/** Puts a message on the page and opens its answer. */
export function beginAnswer(state: ChatState, text: string): ChatState {
  const settled = showAll(state);
  const entries: Entry[] = [
    { kind: "message", text },
    { kind: "answer", flow: emptyFlow, open: true },
  ];
  const { hint, ...rest } = withoutNotice(settled);
  const asked: ChatState = {
    ...rest,
    page: [...settled.page, ...entries],
    answer: freshAnswer(waitingAnswer(state.settings), state.now),
  };
  return hint === undefined ? asked : notify(asked, hint, "dim");
}

/** Takes in what the engine said: at once for the rates, in its time for the eye. */
export function hearEvent(state: ChatState, event: EngineEvent): ChatState {
  const { answer, tokens } = state;
  if (answer === undefined || tokens === undefined) return state;
  const heard: Answer = {
    ...answer,
    engine: reduceAnswer(answer.engine, event, tokens),
    pacer: enqueue(answer.pacer, event, state.now),
    heardAt: state.now,
  };
  return showDue({ ...state, answer: heard });
}

/** Shows the events whose time has come. */
export function showDue(state: ChatState): ChatState {
  const { answer, view } = state;
  if (answer === undefined || answer.pacer.waiting.length === 0) return state;
  const { pacer, events } = release(answer.pacer, view.pace, state.now);
  return events.length === 0 ? state : show({ ...state, answer: { ...answer, pacer } }, events);
}

/** Shows all that the engine has said, paced or not. */
export function showAll(state: ChatState): ChatState {
  if (state.answer === undefined) return state;
  const { pacer, events } = releaseAll(state.answer.pacer);
  return show({ ...state, answer: { ...state.answer, pacer } }, events);
}

/**
 * The engine has said its last word. After a failure the answer is what was resolved up to the first mask, for no
 * "finished" will come.
 */
export function endAnswer(state: ChatState, failed: boolean): ChatState {
  if (state.answer === undefined) return state;
  const answer: Answer = { ...state.answer, running: false };
  if (!failed && answer.engine.phase === "finished") return { ...state, answer };
  const shown = showAll({ ...state, answer });
  const { block, ...view } = shown.answer?.view ?? answer.view;
  const kept = block === undefined ? [] : blockPieces(block, resolvedText(block));
  const finished: AnswerState = { ...view, phase: "finished", reason: "aborted" };
  return {
    ...shown,
    answer: { ...answer, pacer: { ...answer.pacer, waiting: [] }, view: finished },
    page: extend(shown.page, kept, true),
  };
}

function show(state: ChatState, events: readonly EngineEvent[]): ChatState {
  const { tokens } = state;
  if (tokens === undefined) return state;
  return events.reduce((before, event) => showOne(before, event, tokens), state);
}

function showOne(state: ChatState, event: EngineEvent, tokens: TokenText): ChatState {
  const { answer } = state;
  if (answer === undefined) return state;
  const view = reduceAnswer(answer.view, event, tokens);
  const added = view.text.startsWith(answer.view.text) ? view.text.slice(answer.view.text.length) : "";
  const pieces = blockPieces(answer.view.block, added);
  const written = answer.written + pieces.reduce((sum, { text }) => sum + text.length, 0);
  const shown: ChatState = {
    ...state,
    answer: {
      ...answer,
      ...seenIn(event, view, state, answer),
      view,
      written,
      yields: yieldsOf(answer, event),
    },
    page: extend(state.page, pieces, view.phase === "finished"),
  };
  return event.type === "finished" ? sayWhyCut(shown, event.reason, view.settings.maxTokens) : shown;
}

/** What a step shows besides its tokens. */
function seenIn(
  event: EngineEvent,
  { block }: AnswerState,
  state: ChatState,
  { written, inspected }: Answer,
): Partial<Answer> {
  if (event.type !== "denoised" || block === undefined) return {};
  const refusal = refusalIn(block, written, { now: state.now, stay: state.view.pace.stay });
  const before = event.step === 0 ? [] : (inspected?.settings ?? []);
  return {
    inspected: { block, settings: [...before, event.settings] },
    ...(refusal !== undefined && { refusal }),
  };
}

/** An answer that a limit has cut never looks as if the model had ended it. */
function sayWhyCut(state: ChatState, reason: Finished["reason"], maxTokens: number): ChatState {
  if (reason === "length") {
    return sayOn(state, `Cut at the limit of ${maxTokens} tokens; /set max-tokens N changes it.`, "dim");
  }
  if (reason !== "context") return state;
  const { limit } = state.context;
  const sentence = `The context is full: all of its ${limit} tokens are used. /save FILE.md keeps this conversation, /new starts over.`;
  return sayOn(state, sentence, "warning");
}

/** Adds to the answer on the page that was opened last; `closed`: nothing more will come. */
function extend(page: readonly Entry[], added: readonly Piece[], closed: boolean): readonly Entry[] {
  const at = page.findLastIndex((entry) => entry.kind === "answer" && entry.open);
  const entry = page[at];
  if (entry?.kind !== "answer") return page;
  const flow = { ...entry.flow, pieces: [...entry.flow.pieces, ...added] };
  return page.with(at, { kind: "answer", flow, open: !closed });
}

/** New text with the doubt of the slots it came from, where they agree. */
function blockPieces(block: AnswerBlock | undefined, added: string): Piece[] {
  if (added === "") return [];
  const pieces: Piece[] = [];
  let at = 0;
  for (const { text, confidence } of block?.slots ?? []) {
    if (!added.startsWith(text, at)) break;
    pieces.push(...doubtedPieces(text, confidence));
    at += text.length;
  }
  return at < added.length ? [...pieces, piece(sanitize(added.slice(at)))] : pieces;
}

/** Text up to the first mask. */
function resolvedText({ slots }: AnswerBlock): string {
  const end = slots.findIndex((slot) => slot.state === "masked");
  return slots
    .slice(0, end === -1 ? slots.length : end)
    .map((slot) => slot.text)
    .join("");
}

function yieldsOf({ yields }: Answer, event: EngineEvent): Answer["yields"] {
  if (event.type !== "denoised") return yields;
  const unmasked = event.slots.filter((slot) => slot.unmasked).length;
  return [...yields, unmasked / event.settings.blockLength].slice(-sparkline);
}
