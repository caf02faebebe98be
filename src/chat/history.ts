import { UserError } from "../errors.ts";
import type { ChatMessage, Tokenizer } from "../model/index.ts";
import { type Answered, buildPrompt, type Prompt } from "./prompt.ts";
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

function contextFull(
  { system, turns }: History,
  needed: number,
  tokens: Tokenizer,
  limit: number,
): UserError {
  const alone = system === undefined ? 0 : tokens.encode(system).length;
  if (alone >= limit) {
    const text = `The system prompt alone takes ${takes(alone, limit)}: there is no room for a message.`;
    return new UserError("context-full", `${text} Begin with a shorter one.`);
  }
  const first =
    system === undefined
      ? ["The message takes", "Shorten it."]
      : ["The message and the system prompt take", "Shorten one of them."];
  const [what, advice] =
    turns.length === 0
      ? first
      : ["The conversation with this message takes", "Start a new chat, or send a shorter message."];
  return new UserError(
    "context-full",
    `${what} ${takes(needed, limit)}: there is no room for an answer. ${advice}`,
  );
}

function takes(needed: number, limit: number): string {
  const [tokens, room] = [needed, limit].map((count) => count.toLocaleString("en"));
  return `${tokens} tokens and the model's context holds ${room}`;
}
