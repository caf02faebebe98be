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
  throw contextFull(prompt.ids.length, contextLength, history.turns.length === 0);
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

function contextFull(tokens: number, limit: number, isFirst: boolean): UserError {
  const [needed, room] = [tokens, limit].map((count) => count.toLocaleString("en"));
  const what = isFirst ? "The message takes" : "The conversation with this message takes";
  const advice = isFirst ? "Shorten it." : "Start a new chat, or send a shorter message.";
  return new UserError(
    "context-full",
    `${what} ${needed} tokens and the model's context holds ${room}: there is no room for an answer. ${advice}`,
  );
}
