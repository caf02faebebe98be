import type { TokenText } from "./token-text.ts";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A rendered chat template, in which text of messages that looks like a special token is marked as data. */
export type ChatText = string & { readonly kind: "chat text" };

/** Text to token ids and back. */
export interface Tokenizer extends TokenText {
  /** Ids of plain text: what looks like a special token in it is text. Lone surrogates become U+FFFD. */
  encode(text: string): number[];
  /** The model's chat template over the messages. */
  renderChat(messages: readonly ChatMessage[], options: { readonly addGenerationPrompt: boolean }): ChatText;
  /** A message's content as `renderChat` puts it in. */
  contentText(message: ChatMessage): ChatText;
  /** Ids of rendered text: the template's special tokens are special, those in messages are not. */
  encodeChat(text: ChatText): number[];
}
