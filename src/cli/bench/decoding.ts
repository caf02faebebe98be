import {
  answerQuestions,
  compareDecoding,
  decodingFigures,
  figuresByKind,
  lastTexts,
  likelihoodOfAnswers,
  someQuestions,
  type Contender,
  type DecodingFigures,
  type KindFigures,
  type Turn,
} from "../../bench/index.ts";
import type { Graph } from "../../engine/index.ts";
import type { Tokenizer } from "../../model/index.ts";
import { ProgressLine } from "../progress-line.ts";
import type { BenchPlan } from "./plan.ts";

/** A contender's row: speed, and what its text is worth. */
export interface DecodingRow extends DecodingFigures {
  /** mean log-likelihood of its replies, decoded in order, nats a token; not a number if it was not measured */
  readonly logLikelihood: number;
  /** share of the questions that it answers rightly; not a number if it was not measured */
  readonly right: number;
}

export interface DecodingReport {
  readonly prompts: number;
  readonly questions: number;
  /** rounds that came to their end, the last one perhaps not with all prompts */
  readonly rounds: number;
  readonly rows: readonly DecodingRow[];
  readonly kinds: readonly KindFigures[];
}

/** Speeds of a comparison and the texts to judge. */
export interface Decoded {
  readonly contenders: readonly Contender[];
  readonly prompts: readonly (readonly number[])[];
  readonly turns: readonly Turn[];
  /** share of right answers, by contender */
  readonly right: readonly number[];
}

/** Decodes the prompts with all contenders, then asks each of them the questions. */
export async function measureDecoding(
  contenders: readonly Contender[],
  tokenizer: Tokenizer,
  plan: BenchPlan,
  signal: AbortSignal,
): Promise<Decoded> {
  const prompts = plan.prompts.map(({ prompt }) => promptIds(tokenizer, prompt));
  const decoding = new ProgressLine(process.stderr, "decoding");
  const { rounds, settings } = plan;
  const turns = await compareDecoding(prompts, contenders, {
    rounds,
    maxTokens: settings.maxTokens,
    signal,
    progress: (done, of) => decoding.show(done / of),
  });
  decoding.clear();
  const asking = new ProgressLine(process.stderr, "questions");
  const asked = someQuestions(plan.questions).map((question) => ({
    question,
    ids: promptIds(tokenizer, question.prompt),
  }));
  const right: number[] = [];
  for (const contender of contenders) {
    asking.show(right.length / contenders.length);
    const answers = await answerQuestions(contender, asked, (ids) => tokenizer.decode(ids), signal);
    right.push(answers === undefined ? Number.NaN : answers.filter(Boolean).length / answers.length);
  }
  asking.clear();
  return { contenders, prompts, turns, right };
}

/** Scores what was decoded. @param graph the same weights; none is asked once the signal has come */
export async function judgeDecoding(
  { contenders, prompts, turns, right }: Decoded,
  graph: Graph,
  { folder, prompts: asked, questions, rounds }: BenchPlan,
  signal: AbortSignal,
): Promise<DecodingReport> {
  const scoring = new ProgressLine(process.stderr, "likelihood");
  const likelihoods: number[] = [];
  for (const index of contenders.keys()) {
    scoring.show(index / contenders.length);
    if (signal.aborted) break;
    const answers = [...lastTexts(turns, index)].map(([prompt, reply]) => ({
      prompt: prompts[prompt] ?? [],
      reply,
    }));
    likelihoods.push((await likelihoodOfAnswers(graph, folder.config, answers)).mean);
  }
  scoring.clear();
  const rows = decodingFigures(contenders, turns).map((figures, index): DecodingRow => {
    const quality = { logLikelihood: likelihoods[index] ?? Number.NaN, right: right[index] ?? Number.NaN };
    return Object.assign(quality, figures);
  });
  const kinds = figuresByKind(
    contenders,
    turns,
    asked.map(({ kind }) => kind),
  );
  return { prompts: prompts.length, questions, rounds, rows, kinds };
}

function promptIds(tokenizer: Tokenizer, content: string): number[] {
  return tokenizer.encodeChat(
    tokenizer.renderChat([{ role: "user", content }], { addGenerationPrompt: true }),
  );
}
