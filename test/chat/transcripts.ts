import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Conversation, SaveOptions, Transcript, Turn } from "../../src/chat/index.ts";
import type { EngineEvent } from "../../src/engine/index.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, type TinyChat } from "./chats.ts";

export const program = { version: "1.2.3", build: "abc" };

/** A folder of its own to save in; it does not exist yet. */
export async function saving(onTrouble: (message: string) => void = () => {}): Promise<SaveOptions> {
  return { directory: path.join(await temporaryFolder(), "data", "conversations"), program, onTrouble };
}

export const pathOf = (conversation: Conversation) => conversation.transcriptPath ?? "";

type Said = Pick<Turn, "user" | "promptIds"> & { readonly reply: Omit<Turn["reply"], "content"> };

const withoutText = ({ user, promptIds, reply }: Said) => ({
  user,
  promptIds,
  reply: { ...reply, content: "" },
});

/** What a conversation and its transcript have in common: all but the text, which the ids give, and the events. */
export function said({ turns }: Conversation | Transcript) {
  return turns.map(withoutText);
}

/** A saved conversation of three turns with settings that change, the last one guessed and checked, and what the engine said in each. */
export interface Saved {
  readonly conversation: Conversation;
  readonly events: readonly (readonly EngineEvent[])[];
  readonly bytes: Buffer;
}

export async function savedConversation(chat: TinyChat): Promise<Saved> {
  const conversation = chatWith(chat, { save: await saving(), system: "Be brief." });
  const first: EngineEvent[] = [];
  for await (const event of conversation.send("Hello ☂")) {
    first.push(event);
    if (event.type !== "denoised" || event.block !== 1) continue;
    conversation.adjust({ threshold: 0.2, blockLength: 8 });
  }
  conversation.adjust({ strategy: "entropy_bounded", temperature: 0.7, seed: 3 });
  const events = [first, await ask(conversation, "And now?")];
  conversation.adjust({ strategy: "self_speculative", draftThreshold: 0, lookaheadThreshold: 0 });
  events.push(await ask(conversation, "And then?"));
  return { conversation, events, bytes: await readFile(pathOf(conversation)) };
}
