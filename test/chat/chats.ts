import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll } from "vitest";
import {
  type AnswerState,
  Conversation,
  type ConversationOptions,
  reduceAnswer,
  waitingAnswer,
} from "../../src/chat/index.ts";
import { convertCheckpoint } from "../../src/convert/index.ts";
import {
  defaultSettings,
  type DecodingSettings,
  type Engine,
  type EngineEvent,
  openEngine,
} from "../../src/engine/index.ts";
import { loadModelFolder, type ModelFolder, openTokenizer, type Tokenizer } from "../../src/model/index.ts";
import { goldenData, plainTemplate, temporaryFolder, writeChecksums } from "../model/folders.ts";

/** A tiny model that is ready to chat: random weights, a real engine. */
export interface TinyChat {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
}

/** Converts a golden checkpoint and opens it. "dense-tiny" has SDAR's form, "carry-tiny" the embedded model's. */
export async function openTiny(checkpoint = "dense-tiny", template = plainTemplate): Promise<TinyChat> {
  const to = path.join(await temporaryFolder(), checkpoint);
  await convertCheckpoint({ from: path.join(goldenData, checkpoint), to, weights: { kind: "f32" } });
  await writeFile(path.join(to, "chat_template.jinja"), template);
  await writeChecksums(to);
  const folder = await loadModelFolder(to);
  const engine = await openEngine(to, { device: "cpu", threads: 1 });
  afterAll(() => engine.close());
  return { folder, tokenizer: await openTokenizer(folder), engine };
}

/** Short answers; the threshold is one that random weights pass now and then. */
export const shortAnswers: DecodingSettings = { ...defaultSettings(4), maxTokens: 24, threshold: 0.3 };

export function chatWith(tiny: TinyChat, options: Partial<ConversationOptions> = {}): Conversation {
  return new Conversation({ ...tiny, settings: shortAnswers, ...options });
}

/** Asks, and waits for the end. */
export async function ask(conversation: Conversation, text: string): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of conversation.send(text)) events.push(event);
  return events;
}

/** Every state that a viewer sees on the way, the last one being the finished answer. */
export function statesOf(
  events: readonly EngineEvent[],
  settings: DecodingSettings,
  tokenizer: Tokenizer,
): AnswerState[] {
  const states = [waitingAnswer(settings)];
  for (const event of events)
    states.push(reduceAnswer(states.at(-1) ?? waitingAnswer(settings), event, tokenizer));
  return states;
}
