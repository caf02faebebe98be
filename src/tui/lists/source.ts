import { commands } from "../commands/table.ts";
import { mentionAt, mentioned } from "../editor/mentions.ts";
import type { ChatState, Effect } from "../store/state.ts";
import type { Choice, Choices } from "./choice.ts";
import { byLabel, hasWords } from "./matching.ts";

/** What can be taken from a list at the cursor. */
export interface Source extends Choices {
  /** as OpenList.of */
  readonly of: string;
  /** a taken item replaces this part of the prompt: UTF-16 indexes */
  readonly from: number;
  readonly to: number;
  /** fetches what is listed */
  readonly needs?: Effect;
}

/** The list that belongs to the prompt as it is; undefined: none does. */
export function sourceAt(state: ChatState): Source | undefined {
  const { text, cursor } = state.editor;
  if (state.search !== undefined) return earlierMessages(state);
  if (cursor !== text.length) return files(state);
  return commandNames(text) ?? commandValues(state, text) ?? files(state);
}

/** Messages with the typed words in them, the newest last: it stands next to the prompt. */
function earlierMessages({ editor, history }: ChatState): Source {
  const found = history.entries.filter((entry) => hasWords(entry, editor.text.trim()));
  const items = found.map((text): Choice => ({
    label: text.slice(0, 300).replaceAll(/\s+/g, " "),
    detail: "",
    text,
    onEnter: "more",
  }));
  const title =
    items.length === 0
      ? "history: no message has these words; Esc leaves the prompt as it was"
      : "history: Ctrl-R or Up older, Enter takes, Esc leaves the prompt as it was";
  return { of: "history", from: 0, to: editor.text.length, items, picked: "last", title };
}

/** Hidden files only where a dot was typed. */
function files({ editor, shelf }: ChatState): Source | undefined {
  const found = mentionAt(editor.text, editor.cursor);
  if (found === undefined) return undefined;
  const { typed, from } = found;
  const path = typed.slice(0, typed.lastIndexOf("/") + 1);
  const name = typed.slice(path.length);
  const folder = shelf.folder?.path === path ? shelf.folder : undefined;
  const seen = (folder?.names ?? []).filter((each) => name.startsWith(".") || !each.startsWith("."));
  const items = seen.map((each): Choice => ({
    label: each,
    detail: "",
    text: mentioned(path + each),
    onEnter: each.endsWith("/") ? "more" : "stay",
  }));
  return {
    of: `@${path}`,
    from,
    to: editor.cursor,
    items: byLabel(items, name),
    picked: "first",
    needs: { type: "folder", path },
    ...(folder !== undefined &&
      folder.more > 0 && { title: `${path} holds ${folder.more} more that are not listed` }),
  };
}

function commandNames(text: string): Source | undefined {
  const typed = /^\/([a-z]*)$/i.exec(text)?.[1]?.toLowerCase();
  if (typed === undefined) return undefined;
  return { of: "/", from: 0, to: text.length, items: byLabel(names, typed), picked: "first" };
}

/** Enter runs a command as it stands: those that need an argument say so, or list what it can be. */
const names = commands.map((command): Choice => ({
  label: command.name,
  detail: command.help,
  text: `/${command.name}`,
  onEnter: "run",
}));

function commandValues(state: ChatState, text: string): Source | undefined {
  const [, name = "", typed = ""] = /^\/([a-z]+)\s+([^\n]*)$/i.exec(text) ?? [];
  const command = commands.find((each) => each.name === name.toLowerCase());
  if (command?.values === undefined) return undefined;
  const choices = command.values(state, typed);
  const { needs } = command;
  const range = { of: `/${command.name}`, from: text.length - typed.length, to: text.length };
  return { ...choices, ...range, ...(needs !== undefined && { needs }) };
}
