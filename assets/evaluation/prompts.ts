import type { ModelConfig, Tokenizer } from "../../src/model/index.ts";
import { tenthOf, type EvaluationData, type HeldConversation } from "./data.ts";
import type { ScoredText } from "./masked.ts";
import type { SetName } from "./plan.ts";

/** Ids that a reply is asked with. */
export function promptsOf(
  data: EvaluationData,
  set: SetName,
  tenth: number,
  tokenizer: Tokenizer,
): number[][] {
  if (set === "conversations") {
    return tenthOf(data.conversations, tenth).map((one) => promptIds(one, tokenizer));
  }
  return tenthOf(data.questions, tenth).map(({ prompt }) =>
    promptIds({ messages: [{ role: "user", content: prompt }] }, tokenizer),
  );
}

function promptIds({ messages }: Pick<HeldConversation, "messages">, tokenizer: Tokenizer): number[] {
  return tokenizer.encodeChat(tokenizer.renderChat(messages, { addGenerationPrompt: true }));
}

/** The conversations with the original's greedy answers, to be scored. */
export function textsOf(
  data: EvaluationData,
  tenth: number,
  tokenizer: Tokenizer,
  { stopTokenIds }: ModelConfig,
): ScoredText[] {
  return tenthOf(data.conversations, tenth).map((conversation, index) => {
    const prompt = promptIds(conversation, tokenizer);
    const stop = conversation.ended ? stopTokenIds.slice(0, 1) : [];
    const ids = [...prompt, ...tokenizer.encode(conversation.answer), ...stop];
    return { seed: tenth + 10 * index, ids, from: prompt.length };
  });
}
