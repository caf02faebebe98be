import type { Graph } from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";
import type { Contender } from "./contenders.ts";
import { likelihoodInOrder, type Likelihood } from "./likelihood.ts";
import { isRight, type Question } from "./questions.ts";
import { sum } from "./statistics.ts";

/** A prompt and what was decoded of it. */
export interface Answer {
  readonly prompt: readonly number[];
  readonly reply: readonly number[];
}

/** Mean log-likelihood of the replies' tokens, each given all before it: see likelihoodInOrder. */
export async function likelihoodOfAnswers(
  graph: Graph,
  config: ModelConfig,
  answers: readonly Answer[],
): Promise<Likelihood> {
  const scored: Likelihood[] = [];
  for (const { prompt, reply } of answers) {
    if (reply.length === 0) continue;
    scored.push(await likelihoodInOrder(graph, config, [...prompt, ...reply], prompt.length));
  }
  const tokens = sum(scored.map((each) => each.tokens));
  return { tokens, mean: sum(scored.map((each) => each.mean * each.tokens)) / tokens };
}

/** A question as the model is asked it. */
export interface AskedQuestion {
  readonly question: Question;
  readonly ids: readonly number[];
}

/** The answer comes in the first sentence or not at all. */
const answerTokens = 24;

/** Which of the questions are answered rightly. @returns undefined if the signal came first */
export async function answerQuestions(
  contender: Contender,
  asked: readonly AskedQuestion[],
  textOf: (ids: readonly number[]) => string,
  signal?: AbortSignal,
): Promise<boolean[] | undefined> {
  const right: boolean[] = [];
  for (const { question, ids } of asked) {
    const run = await contender.decode(ids, answerTokens, signal);
    if (signal?.aborted) return undefined;
    right.push(isRight(question, textOf(run.ids)));
  }
  return right;
}
