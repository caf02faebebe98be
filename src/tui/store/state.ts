import type { AnswerBlock, AnswerState, Insert, Message, Side, Turn } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";
import { emptyEditor, type EditorState } from "../editor/state.ts";
import { historyOf, type HistoryState } from "../editor/history.ts";
import type { KnobRow } from "../knobs/row-state.ts";
import type { ModelFacts } from "../models.ts";
import { emptyPacer, type Pace, type Pacer } from "../pacing.ts";
import type { Row, Style } from "../text/row.ts";
import type { Flow } from "../text/flow.ts";
import type { Heat } from "./heat.ts";
import type { Refusal } from "./refusals.ts";
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

/** The answer being decoded, or the last one. */
export interface Answer {
  /** as the engine has it: rates and settings shown are these */
  readonly engine: AnswerState;
  /** as it is shown: the same a little later */
  readonly view: AnswerState;
  readonly pacer: Pacer;
  /** share of its block that each shown step unmasked, newest last */
  readonly yields: readonly number[];
  /** characters of its text on the page */
  readonly written: number;
  /** the guess that was refused last */
  readonly refusal?: Refusal;
  readonly inspected?: Inspected;
  /** the engine has not said its last word */
  readonly running: boolean;
  /** since when it has been asked to stop */
  readonly stoppingSince?: number;
  readonly askedAt: number;
  /** when the engine last said something */
  readonly heardAt: number;
  /** decoded beside the conversation, to be compared: knobs that are turned meanwhile are not its own */
  readonly aside?: { readonly before: Answer | undefined };
}

/** A block as the step that was shown last left it, and the settings of each of its steps. */
export interface Inspected {
  readonly block: AnswerBlock;
  readonly settings: readonly DecodingSettings[];
}

/** A message on its way. */
export interface Queued {
  readonly message: Message;
  /** names of files that are still being read */
  readonly files: readonly string[];
  /** the message it takes the place of, 1 for the first */
  readonly editing?: number;
}

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

export function freshAnswer(state: AnswerState, now: number): Answer {
  return {
    engine: state,
    view: state,
    pacer: emptyPacer,
    yields: [],
    written: 0,
    running: true,
    askedAt: now,
    heardAt: now,
  };
}

/** An engine that goes on so long after it was asked to stop may hang, milliseconds. */
export const stopPatience = 1000;

/** Is an answer on its way, in the engine or on the screen? */
export function isAnswering({ answer }: ChatState): boolean {
  return answer !== undefined && (answer.running || answer.view.phase !== "finished");
}

/** What the conversation must be told. */
export type EngineEffect =
  /** `after`: goes back to so many first turns and asks there; `inserts`: what of the text nobody typed */
  | {
      readonly type: "send";
      readonly text: string;
      readonly inserts?: readonly Insert[];
      readonly after?: number;
    }
  /** reads the files that a queued message names */
  | { readonly type: "attach"; readonly message: Message; readonly files: readonly string[] }
  /** `change`: of this answer alone */
  | { readonly type: "again"; readonly change: Partial<DecodingSettings> }
  /** decodes the text, or the last message again, on both sides; keeps neither */
  | { readonly type: "compare"; readonly sides: readonly [Side, Side]; readonly text?: string }
  | { readonly type: "rewind"; readonly turns: number }
  | { readonly type: "stop" }
  /** lists earlier conversations */
  | { readonly type: "earlier" }
  /** goes on with one: number in that list, file or id */
  | { readonly type: "resume"; readonly wanted: string }
  /** lists the models that there are */
  | { readonly type: "models" }
  | { readonly type: "model"; readonly name: string }
  /** ends the engine's process, whatever it is doing */
  | { readonly type: "endEngine" }
  | { readonly type: "adjust"; readonly change: Partial<DecodingSettings> }
  | { readonly type: "newChat"; readonly system: string | undefined }
  | { readonly type: "save"; readonly path: string }
  /** `answer`: its number, counted from 1; absent: the last one */
  | { readonly type: "replay"; readonly answer?: number };

/** What the shell must do after an update; the store itself touches nothing outside. */
export type Effect =
  | EngineEffect
  | { readonly type: "copy"; readonly text: string }
  /** opens the text in the person's own editor */
  | { readonly type: "compose"; readonly text: string }
  | { readonly type: "remember"; readonly text: string }
  /** lists a folder, named as it was typed */
  | { readonly type: "folder"; readonly path: string }
  | { readonly type: "quit" }
  | { readonly type: "suspend" }
  | { readonly type: "repaint" };

export interface Update {
  readonly state: ChatState;
  readonly effects: readonly Effect[];
}

export function update(state: ChatState, ...effects: Effect[]): Update {
  return { state, effects };
}
