import { UserError } from "../errors.ts";
import type { ChatMessage, Tokenizer } from "../model/index.ts";
import { type Answered, buildPrompt, type Prompt } from "./prompt.ts";
import { aboutText, tooManyTokens } from "./token-count.ts";
import type { Turn } from "./turns.ts";

/** What was said so far. */
export interface History {
  readonly system: string | undefined;
  readonly turns: readonly Turn[];
}

/** Turns that the model has seen answered, if only by one token. */
export function seenTurns(turns: readonly Turn[]): readonly Turn[] {
  return turns.filter((turn) => turn.reply.ids.length > 0);
}

/** What the model sees of a conversation. */
export function messagesOf({ system, turns }: History): ChatMessage[] {
  const first: ChatMessage[] = system === undefined ? [] : [{ role: "system", content: system }];
  const rest = seenTurns(turns).flatMap(({ user, reply }): ChatMessage[] => [
    { role: "user", content: user },
    { role: "assistant", content: reply.content },
  ]);
  return [...first, ...rest];
}

/**
 * The prompt that asks `user` after all that was said.
 * @param contextLength tokens that prompt and reply may have together
 * @throws UserError context-full; usage: the template refuses the messages
 */
export function promptFor(history: History, user: string, tokens: Tokenizer, contextLength: number): Prompt {
  refuseTooLong(history, user, tokens, contextLength);
  const prompt = buildPrompt(renderQuestion(history, user, tokens), lastAnswered(history, tokens), tokens);
  if (prompt.ids.length < contextLength) return prompt;
  throw contextFull(history, prompt.ids.length, tokens, contextLength);
}

const renderQuestion = (history: History, user: string, tokens: Tokenizer) =>
  tokens.renderChat([...messagesOf(history), { role: "user", content: user }], { addGenerationPrompt: true });

/** The last turn that the model has seen, as it saw it. */
function lastAnswered({ system, turns }: History, tokens: Tokenizer): Answered | undefined {
  const seen = seenTurns(turns);
  const last = seen.at(-1);
  if (last === undefined) return undefined;
  return {
    promptText: renderQuestion({ system, turns: seen.slice(0, -1) }, last.user, tokens),
    promptIds: last.promptIds,
    replyText: tokens.contentText({ role: "assistant", content: last.reply.content }),
    replyIds: last.reply.ids,
    borders: last.reply.borders,
  };
}

/** What certainly has no room is not encoded whole. */
function refuseTooLong({ system = "" }: History, user: string, tokens: Tokenizer, limit: number): void {
  const alone = tooManyTokens(system, tokens, limit);
  if (alone !== undefined) throw systemTooLong(aboutText(alone), limit);
  const message = tooManyTokens(user, tokens, limit);
  if (message !== undefined) throw noRoom("The message takes", aboutText(message), limit, "Shorten it.");
}

function contextFull({ system, turns }: History, count: number, tokens: Tokenizer, limit: number): UserError {
  const needed = count.toLocaleString("en");
  const alone = system === undefined ? 0 : tokens.encode(system).length;
  if (alone >= limit) return systemTooLong(alone.toLocaleString("en"), limit);
  if (turns.length > 0) {
    const advice = "Start a new chat, or send a shorter message.";
    return noRoom("The conversation with this message takes", needed, limit, advice);
  }
  return system === undefined
    ? noRoom("The message takes", needed, limit, "Shorten it.")
    : noRoom("The message and the system prompt take", needed, limit, "Shorten one of them.");
}

const systemTooLong = (needed: string, limit: number) =>
  new UserError(
    "context-full",
    `The system prompt alone takes ${needed} tokens and ${holds(limit)}: there is no room for a message. Begin with a shorter one.`,
  );

const noRoom = (what: string, needed: string, limit: number, advice: string) =>
  new UserError(
    "context-full",
    `${what} ${needed} tokens and ${holds(limit)}: there is no room for an answer. ${advice}`,
  );

const holds = (limit: number) => `the model's context holds ${limit.toLocaleString("en")}`;
