import { commands } from "../commands/table.ts";
import type { ChatState, Effect } from "../store/state.ts";
import type { Choice, Choices } from "./choice.ts";
import { byLabel } from "./matching.ts";

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
  if (cursor !== text.length) return undefined;
  return commandNames(text) ?? commandValues(state, text);
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
