import type { Message, Turn } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";
import { emptyEditor, type EditorState } from "../editor/state.ts";
import { historyOf, type HistoryState } from "../editor/history.ts";
import type { KnobRow } from "../knobs/row-state.ts";
import type { ModelFacts } from "../models.ts";
import type { Pace } from "../pacing.ts";
import type { Row, Style } from "../text/row.ts";
import type { Flow } from "../text/flow.ts";
import type { Heat } from "./heat.ts";
import type { Effect } from "./effects.ts";
import type { Answer } from "./shown-answer.ts";
import { plainReading, type ReadingOptions } from "../markdown/reading.ts";
import type { OpenList, Shelf } from "./list.ts";

/** A line of what the program says: where the text needs several rows, they stand under one another. */
export interface NoteLine {
  readonly lead: Row;
  readonly text: Row;
}

/** What goes to the scrollback, in order; an answer that is still open goes row by row. */
export type Entry =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "note"; readonly lines: readonly NoteLine[] }
  | { readonly kind: "answer"; readonly flow: Flow; readonly open: boolean };

/** A message on its way. */
export interface Queued {
  readonly message: Message;
  /** names of files that are still being read */
  readonly files: readonly string[];
  /** the message it takes the place of, 1 for the first */
  readonly editing?: number;
}

/**
 * What was asked for and changes the conversation or decodes beside it, until it is done; "next model": another model,
 * while the first one loads.
 */
export type Move = "resume" | "compare" | "model" | "next model";

export interface Notice {
  readonly text: string;
  readonly style: Style;
  readonly until: number;
}

/** How the answer is shown. */
export interface ViewOptions {
  readonly pace: Pace;
  /** false: text appears by finished blocks, and nothing else moves more than once a second */
  readonly motion: boolean;
}

/** Everything the screen depends on, besides its size. */
export interface ChatState {
  /** milliseconds of a clock that only goes forward */
  readonly now: number;
  /** absent while the model loads */
  readonly tokens?: TokenText;
  readonly loadingSince: number;
  readonly view: ViewOptions;
  readonly heat: Heat;
  readonly reading: ReadingOptions;
  readonly editor: EditorState;
  /** lists and rows of knobs and slots open around the prompt; false: the chat goes line by line, commands print them */
  readonly popups: boolean;
  readonly list?: OpenList;
  /** the prompt asks for an earlier message; what stood in it comes back */
  readonly search?: { readonly draft: EditorState };
  readonly shelf: Shelf;
  readonly history: HistoryState;
  /** messages that wait for their turn, oldest first */
  readonly queue: readonly Queued[];
  /** messages wait for it */
  readonly moving?: Move;
  /** wanted by the person; those in force are in the answer */
  readonly settings: DecodingSettings;
  /** the one that answers */
  readonly model: ModelFacts;
  /** the one that the first line of the page names: it is in the scrollback and cannot change */
  readonly firstModel: string;
  /** open: it stands in the place of the status */
  readonly knobRow?: KnobRow;
  /** the block's slots are shown; `slot`: the one that was picked */
  readonly inspecting?: { readonly slot?: number };
  readonly system?: string;
  readonly context: { readonly tokens: number; readonly limit: number };
  /** where passes run and why: a sentence; absent until the model is loaded */
  readonly device?: string;
  /** what was said so far, as the conversation has it */
  readonly turns: readonly Turn[];
  /** those of them whose keys and values the engine that runs now has never had: a program or an engine that ended had them */
  readonly uncached?: readonly Turn[];
  /** the message that is in the prompt to be changed, 1 for the first */
  readonly editing?: number;
  /** Esc takes the last message into the prompt until then */
  readonly editUntil?: number;
  readonly answer?: Answer;
  readonly page: readonly Entry[];
  readonly notice?: Notice;
  /** said with the first answer */
  readonly hint?: string;
  /** Ctrl-C quits until then */
  readonly quitUntil?: number;
  /** rows the live region keeps, so that the prompt never jumps up */
  readonly floor: number;
  readonly leaving: boolean;
}

export interface InitialChat {
  readonly settings: DecodingSettings;
  readonly model: ModelFacts;
  readonly history: readonly string[];
  readonly view: ViewOptions;
  /** default: live */
  readonly heat?: Heat;
  /** default: text as it comes */
  readonly reading?: ReadingOptions;
  readonly contextLimit: number;
  readonly system?: string;
  readonly hint?: string;
  /** default: lists open above the prompt */
  readonly popups?: boolean;
}

export function initialState(chat: InitialChat, now: number): ChatState {
  return {
    now,
    loadingSince: now,
    view: chat.view,
    heat: chat.heat ?? "live",
    reading: chat.reading ?? plainReading,
    editor: emptyEditor,
    popups: chat.popups ?? true,
    shelf: {},
    history: historyOf(chat.history),
    queue: [],
    settings: chat.settings,
    model: chat.model,
    firstModel: chat.model.name,
    ...(chat.system !== undefined && { system: chat.system }),
    ...(chat.hint !== undefined && { hint: chat.hint }),
    context: { tokens: 0, limit: chat.contextLimit },
    turns: [],
    page: [],
    floor: 0,
    leaving: false,
  };
}

/** Is an answer on its way, in the engine or on the screen? */
export function isAnswering({ answer }: ChatState): boolean {
  return answer !== undefined && (answer.running || answer.view.phase !== "finished");
}

/** Must a message wait for its turn? */
export function isBusy({ tokens, answer, moving }: ChatState): boolean {
  return tokens === undefined || answer?.running === true || moving !== undefined;
}

/** What was asked for is done, or cannot be. */
export function withoutMove(state: ChatState): ChatState {
  const { moving: _, ...rest } = state;
  return rest;
}

export interface Update {
  readonly state: ChatState;
  readonly effects: readonly Effect[];
}

export function update(state: ChatState, ...effects: Effect[]): Update {
  return { state, effects };
}
