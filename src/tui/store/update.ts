import type { Comparison, Insert, Message, Side, Turn } from "../../chat/index.ts";
import type { DecodingSettings, EngineEvent } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";
import type { UserError } from "../../errors.ts";
import type { ModelFacts } from "../models.ts";
import { replaceChips } from "../editor/chips.ts";
import { edit } from "../editor/editor.ts";
import { editable } from "../text/sanitize.ts";
import type { Highlight } from "../markdown/reading.ts";
import { beginSide, endComparison, failComparison } from "../compare/store.ts";
import { endAnswer, hearEvent, showDue } from "./answer.ts";
import { listEarlier, showResumed } from "./earlier.ts";
import type { ListedChat, ListedFolder } from "./list.ts";
import { listModels, ready, switched } from "./models.ts";
import { notify, sayOn, withoutStaleNotice } from "./notices.ts";
import { attached, refused, sendNext, unasked, withQueueInPrompt } from "./sending.ts";
import { isAnswering, withoutMove, type ChatState, type Update } from "./state.ts";

interface Standing {
  readonly context: ChatState["context"];
  readonly turns: readonly Turn[];
  readonly system: string | undefined;
  readonly device?: string;
}

/** What happens to the chat besides keys. */
export type Happening =
  | { readonly type: "tick" }
  | { readonly type: "ready"; readonly tokens: TokenText }
  | { readonly type: "event"; readonly event: EngineEvent }
  /** the engine has said its last word on `text`, asked `after` so many turns; `problem`: why it could not go on */
  | {
      readonly type: "ended";
      readonly text: string;
      readonly inserts?: readonly Insert[];
      readonly after?: number;
      readonly problem?: UserError;
    }
  /** the files of a queued message were read, or one cannot be */
  | { readonly type: "attached"; readonly before: Message; readonly message: Message }
  | { readonly type: "refused"; readonly message: Message; readonly problem: UserError }
  | { readonly type: "folder"; readonly folder: ListedFolder }
  /** a side of a comparison begins */
  | { readonly type: "side"; readonly side: Side; readonly settings: DecodingSettings }
  | { readonly type: "compared"; readonly comparison: Comparison }
  | { readonly type: "incomparable"; readonly problem: UserError }
  /** `before` went to the person's own editor, and came back as `text` */
  | { readonly type: "composed"; readonly before: string; readonly text: string }
  /** where the conversation stands now */
  | ({ readonly type: "standing" } & Standing)
  | { readonly type: "earlier"; readonly chats: readonly ListedChat[]; readonly at: number }
  | { readonly type: "models"; readonly names: readonly string[]; readonly present: string }
  /** another model runs */
  | { readonly type: "switched"; readonly model: ModelFacts; readonly settings: DecodingSettings }
  /** the conversation is an earlier one now; `elsewhere`: another program still decodes its last answer */
  | { readonly type: "resumed"; readonly elsewhere?: boolean }
  | { readonly type: "said"; readonly text: string; readonly good: boolean }
  /** what `/save path` asked for cannot be done */
  | { readonly type: "unsaved"; readonly path: string; readonly problem: UserError }
  /** colours for code are there */
  | { readonly type: "colored"; readonly highlight: Highlight }
  /** a sentence that stays on the page */
  | { readonly type: "warned"; readonly text: string }
  | { readonly type: "leaving" };

/** The chat after something happened at `now`; pure. */
export function happen(before: ChatState, happening: Happening, now: number): Update {
  const state = withoutStaleNotice({ ...before, now: Math.max(now, before.now) });
  return sendNext(after(state, happening));
}

function after(state: ChatState, happening: Happening): ChatState {
  if (happening.type === "tick") return showDue(state);
  if (happening.type === "event") return hearEvent(state, happening.event);
  if (happening.type === "ended") return ended(state, happening);
  if (happening.type === "attached") return attached(state, happening.before, happening.message);
  if (happening.type === "refused") return refused(state, happening.message, happening.problem);
  if (happening.type === "composed") return composed(state, happening.before, happening.text);
  if (happening.type === "folder") return listed(state, happening.folder);
  if (happening.type === "side") return beginSide(state, happening.side, happening.settings);
  if (happening.type === "compared") return endComparison(state, happening.comparison);
  if (happening.type === "incomparable") return failComparison(state, happening.problem);
  if (happening.type === "ready") return ready(state, happening.tokens);
  if (happening.type === "standing") return standing(state, happening);
  if (happening.type === "earlier") return listEarlier(state, happening.chats, happening.at);
  if (happening.type === "resumed") return showResumed(state, happening.elsewhere);
  if (happening.type === "models") return listModels(state, happening.names, happening.present);
  if (happening.type === "switched") return switched(state, happening.model, happening.settings);
  if (happening.type === "colored")
    return { ...state, reading: { ...state.reading, highlight: happening.highlight } };
  if (happening.type === "said") return said(state, happening.text, happening.good);
  if (happening.type === "unsaved") return unsaved(state, happening.path, happening.problem);
  if (happening.type === "warned") return sayOn(state, happening.text, "warning");
  return leave(state);
}

/** What is resolved of an answer stays on the page, also where the engine is not waited for. */
function leave(state: ChatState): ChatState {
  return { ...(isAnswering(state) ? endAnswer(state, true) : state), leaving: true };
}

/** What went wrong may be that an earlier conversation could not be opened: before the model is there none is. */
function said(state: ChatState, text: string, good: boolean): ChatState {
  const told = notify(state, text, good ? "dim" : "error");
  if (good || state.moving !== "resume" || state.tokens === undefined) return told;
  return withQueueInPrompt(withoutMove(told));
}

/** A folder that took long to be read is not listed any more: another may be, and this one is asked for anew. */
function listed(state: ChatState, folder: ListedFolder): ChatState {
  return state.list?.of === `@${folder.path}` ? { ...state, shelf: { ...state.shelf, folder } } : state;
}

/** The command comes back to be given another name, unless something else is typed by now; in lines it is in the history. */
function unsaved(state: ChatState, path: string, problem: UserError): ChatState {
  const told = notify(state, problem.message, "error");
  const { editor, search, popups } = told;
  if (!popups || editor.text !== "" || search !== undefined) return told;
  return { ...told, editor: edit(editor, { type: "replace", text: `/save ${path}` }) };
}

/** A text that was left as it was leaves its chips too; what came into the prompt meanwhile stays before the new text. */
function composed(state: ChatState, before: string, text: string): ChatState {
  if (text === before) return state;
  const { editor } = state;
  const written = editable(text);
  const isAsBefore = editor.text === "" || replaceChips(editor, (pasted) => pasted) === before;
  const draft = (chips: readonly string[]) => ({ text: `${editor.text}\n${written}`, chips });
  return {
    ...state,
    editor: edit(editor, isAsBefore ? { type: "replace", text: written } : { type: "restore", draft }),
  };
}

function standing(state: ChatState, { context, turns, system, device }: Standing): ChatState {
  const { system: _, ...rest } = state;
  const isEngineLost = turns.at(-1)?.reply.end === "failed";
  return {
    ...rest,
    context,
    turns,
    ...(isEngineLost && { uncached: turns }),
    ...(device !== undefined && { device }),
    ...(system !== undefined && { system }),
  };
}

/**
 * After a failure the answer so far stays, and one sentence says what happened; a message that could not even be
 * asked comes back to the prompt, and with it what was queued behind it.
 */
function ended(
  state: ChatState,
  { text, inserts = [], after: behind, problem }: Extract<Happening, { type: "ended" }>,
): ChatState {
  const kept = endAnswer(state, problem !== undefined);
  if (problem === undefined) return kept;
  const noted = sayOn(kept, problem.message, "error");
  if (problem.kind === "engine") return withQueueInPrompt(noted);
  return unasked(noted, { message: { text, inserts }, ...(behind !== undefined && { editing: behind + 1 }) });
}
