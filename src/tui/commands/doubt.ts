import type { AnswerSlot } from "../../chat/index.ts";
import { doubts } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { chooseReplay } from "../replay/choose.ts";
import { waitFor } from "../store/moves.ts";
import { noteOn } from "../store/notices.ts";
import { update, type ChatState, type NoteLine } from "../store/state.ts";
import { piece } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import type { Command } from "./command.ts";

/** Words whose least sure token is below this are named. */
const sure = 0.8;
const most = 20;

export const doubt: Command = {
  name: "doubt",
  arguments: "[n]",
  help: "say which words of the last answer, or of the n-th, the model was unsure about",
  run: (state, argument) => update(noteOn(state, doubtLines(state, argument))),
};

/** A word as its tokens make it. */
interface Word {
  readonly text: string;
  /** of its least sure token */
  readonly confidence: number;
  readonly rivals: AnswerSlot["runnersUp"];
}

function doubtLines(state: ChatState, argument: string): NoteLine[] {
  const { turns, tokens } = state;
  if (doubts.some((stop) => stop === argument)) {
    throw new UserError(
      "usage",
      `/doubt says where the model was unsure. The dial is /set doubt ${argument}.`,
    );
  }
  if (!/^\d*$/.test(argument)) throw new UserError("usage", `Say which answer: /doubt 2, not "${argument}".`);
  if (tokens === undefined)
    throw new UserError("usage", waitFor(state, "ask for its doubt") ?? "There is no answer yet.");
  const { blocks } = chooseReplay(turns, argument === "" ? undefined : Number(argument), tokens);
  const words = wordsOf(blocks.flat());
  const unsure = words.filter(({ confidence }) => confidence < sure);
  return [line(headText(unsure.length, words.length)), ...listOf(unsure)];
}

const line = (text: string): NoteLine => ({ lead: [], text: [piece(text)] });

function headText(unsure: number, all: number): string {
  const of = `of ${all} ${all === 1 ? "word" : "words"}`;
  return unsure === 0
    ? `0 ${of} uncertain.`
    : `${unsure} ${of} uncertain, less than ${100 * sure} percent sure:`;
}

/** The least sure ones, in the order of the text. */
function listOf(unsure: readonly Word[]): NoteLine[] {
  const limit = unsure.map(({ confidence }) => confidence).toSorted((a, b) => a - b)[most] ?? Infinity;
  const listed = unsure.filter(({ confidence }) => confidence < limit);
  const rest = unsure.length - listed.length;
  return [
    ...listed.map((word) => line(wordText(word))),
    ...(rest > 0 ? [line(`and ${rest} surer ones`)] : []),
  ];
}

function wordText({ text, confidence, rivals }: Word): string {
  const [rival] = rivals;
  const other = rival && `, else ${rivalText(rival.text)} ${percent(rival.probability)}`;
  return `${text} ${percent(confidence)}${other ?? ""}`;
}

function rivalText(label: string): string {
  const shown = sanitize(label);
  return shown.trim() || (shown.includes("\n") ? "a line break" : "a space");
}

/** Cut, not rounded: what is below a limit never looks as if it had reached it. */
const percent = (share: number) => `${Math.floor(100 * share + 1e-9)}%`;

/** What white space parts, each with the slots that its letters came from. */
function wordsOf(slots: readonly AnswerSlot[]): Word[] {
  const texts = slots.map((slot) => sanitize(slot.text));
  let length = 0;
  const ends = texts.map((text) => (length += text.length));
  return [...texts.join("").matchAll(/\S+/g)].map(({ 0: text, index }) => {
    const from = slots.filter(
      (_, at) => (ends[at] ?? 0) > index && (ends[at - 1] ?? 0) < index + text.length,
    );
    const [least] = from.toSorted((a, b) => (a.confidence ?? 1) - (b.confidence ?? 1));
    return { text, confidence: least?.confidence ?? 1, rivals: least?.runnersUp ?? [] };
  });
}
