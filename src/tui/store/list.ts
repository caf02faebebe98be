import type { SavedChat } from "../../chat/index.ts";
import { edit } from "../editor/editor.ts";
import type { ChatState } from "./state.ts";

/** The list above the prompt. It belongs to the prompt as it was when it opened, and is closed where that has changed. */
export interface OpenList {
  /** what is listed: while that stays the same nothing has to be fetched again */
  readonly of: string;
  readonly text: string;
  readonly cursor: number;
  /** row picked by the arrows */
  readonly at?: number;
}

/** A saved conversation, and how long it is. */
export interface ListedChat extends SavedChat {
  readonly turns: number;
}

/** What is in a folder. */
export interface ListedFolder {
  /** as it was typed: "" is the working directory, others end in a slash */
  readonly path: string;
  /** folders end in a slash */
  readonly names: readonly string[];
  /** how many more there are */
  readonly more: number;
}

/** What lists show that comes from outside; absent: not here yet. */
export interface Shelf {
  readonly chats?: { readonly saved: readonly ListedChat[]; readonly at: number };
  readonly folder?: ListedFolder;
  readonly models?: { readonly names: readonly string[]; readonly present: string };
}

/** Puts a text into the prompt and opens the list that belongs to it. */
export function listFor(state: ChatState, text: string): ChatState {
  const editor = edit(state.editor, { type: "replace", text });
  return { ...state, editor, list: { of: text.trim(), text, cursor: editor.cursor } };
}

export function withoutList(state: ChatState): ChatState {
  if (state.list === undefined) return state;
  const { list: _, ...rest } = state;
  return rest;
}
