import { messageOfTurn, type Turn } from "../../chat/index.ts";
import { shownMessage } from "../editor/draft.ts";
import { cleared } from "../editor/editor.ts";
import { emptyFlow } from "../text/flow.ts";
import { cells, clip } from "../text/graphemes.ts";
import { piece } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { withoutList, type ListedChat } from "./list.ts";
import { noteOn, sayOn } from "./notices.ts";
import { withoutMove, type ChatState, type Entry, type NoteLine } from "./state.ts";

const minute = 60_000;
const mostWords = 48;
/** Where there is no list to scroll in. */
const mostPrinted = 10;
/** About two screens of 24 rows. */
const mostRows = 48;
const usualColumns = 78;

/** Shows earlier conversations: in the list above the prompt, or on the page. @param at the time, as SavedChat.changedAt counts */
export function listEarlier(state: ChatState, saved: readonly ListedChat[], at: number): ChatState {
  if (saved.length === 0) return sayOn(closed(state), "There is no earlier conversation.", "dim");
  if (state.popups) return { ...state, shelf: { ...state.shelf, chats: { saved, at } } };
  const rows = chatWords(saved.slice(0, mostPrinted), at).map(({ age, words, facts }, index): NoteLine => ({
    lead: [piece(`${String(index + 1).padStart(2)}  ${age}  `, "dim")],
    text: [piece(words), piece(`  ${facts}`, "dim")],
  }));
  const hint: NoteLine = { lead: [], text: [piece("/resume 1 goes on with the first", "dim")] };
  return noteOn(state, [...rows, hint]);
}

/** Without the list, and without the command that asked for it. */
function closed(state: ChatState): ChatState {
  if (state.list?.of !== "/resume") return state;
  return { ...withoutList(state), editor: cleared(state.editor) };
}

/** How long ago, its first words, and how long it is. */
interface ChatWords {
  readonly age: string;
  readonly words: string;
  readonly facts: string;
}

/** What lists say of saved conversations; ages are padded to one width. */
export function chatWords(saved: readonly ListedChat[], at: number): ChatWords[] {
  const ages = saved.map(({ changedAt }) => ageText(at - changedAt));
  const width = Math.max(...ages.map((age) => age.length));
  return saved.map((chat, index) => ({
    age: ages[index]?.padStart(width) ?? "",
    words: wordsOf(chat),
    facts: `${chat.turns} ${chat.turns === 1 ? "message" : "messages"}, ${chat.model}`,
  }));
}

function wordsOf({ firstWords, isOpen }: ListedChat): string {
  const words = clip(sanitize(firstWords), mostWords, "...");
  return isOpen ? `${words} (unfinished)` : words;
}

function ageText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/**
 * Prints the end of the conversation that is gone on with: what fits on two screens, its last turn in any case.
 * @param elsewhere another program still decodes its last answer
 */
export function showResumed(state: ChatState, elsewhere = false): ChatState {
  const { answer: _, ...rest } = opened(state);
  const { turns } = state;
  const first = firstShown(turns);
  const before =
    first === 0 ? "" : ` ${first} earlier ${first === 1 ? "message is" : "messages are"} not shown.`;
  const head = sayOn(rest, `An earlier conversation goes on here.${before}`, "dim");
  const shown = turns.slice(first).flatMap(entriesOf);
  const page = { ...head, uncached: turns, page: [...head.page, ...shown] };
  if (turns.at(-1)?.reply.end !== "cut") return page;
  return sayOn(page, `${elsewhere ? goesOnElsewhere : brokeOff} ${waysOn}`, "warning");
}

/** Before the model is loaded this is the conversation that the program began with, not one that was asked for here. */
const opened = (state: ChatState) => (state.tokens === undefined ? state : withoutMove(state));

const brokeOff = "Here the program was ended in mid-answer.";
const goesOnElsewhere = "Another sdar-chat is still decoding this answer: that is what it had so far.";
const waysOn = "/again decodes the answer anew; or just write on from what is there.";

function firstShown(turns: readonly Turn[]): number {
  let rows = 0;
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index];
    rows +=
      turn === undefined ? 0 : rowsOf(shownMessage(messageOfTurn(turn))) + rowsOf(turn.reply.content) + 2;
    if (rows > mostRows) return Math.min(index + 1, turns.length - 1);
  }
  return 0;
}

const rowsOf = (text: string) =>
  text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(cells(line) / usualColumns)), 0);

const entriesOf = (turn: Turn): Entry[] => [
  { kind: "message", text: shownMessage(messageOfTurn(turn)) },
  { kind: "answer", flow: { ...emptyFlow, pieces: [piece(sanitize(turn.reply.content))] }, open: false },
];
