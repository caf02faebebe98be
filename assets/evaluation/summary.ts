import { isRight, median, sum } from "../../src/bench/index.ts";
import { tenthOf, type EvaluationData } from "./data.ts";
import { addScores, noScores, type MaskedScores } from "./masked-scores.ts";
import { inOrder, type Part, type Role, type Way } from "./plan.ts";
import type { Reply, Results } from "./results.ts";
import {
  distinctFourGrams,
  meanOf,
  pairedMeans,
  pairedShares,
  type Interval,
  type Scored,
} from "./statistics.ts";

/** What one way of decoding gave with one model's weights. */
export interface Row {
  readonly role: Role;
  readonly way: string;
  readonly tokensPerPass: number;
  /** share of the checked drafts; null where none was checked */
  readonly acceptedDrafts: number | null;
  /** null where no questions were asked */
  readonly exact: Exact | null;
  /** under the original, nats a token */
  readonly logLikelihood: number;
  /** that minus the original's own greedy answers' */
  readonly toOriginal: Interval;
  /** share of answers that end by themselves */
  readonly stopped: number;
  readonly distinctFourGrams: number;
  /** tokens */
  readonly medianLength: number;
}

export interface Exact {
  readonly right: number;
  readonly asked: number;
  /** right answers by kind of question */
  readonly kinds: Readonly<Record<string, number>>;
  /** share of right answers minus that of block length 1 with the same weights */
  readonly toBlockOne: Interval;
  /** the same against the original */
  readonly toOriginal: Interval;
}

export interface Summary {
  /** of the weights that ship, as results are kept under */
  readonly weights: string;
  /** the first of ten parts of the data, or all of it */
  readonly form: "quick" | "full";
  readonly questions: number;
  readonly conversations: number;
  /** of the questions asked */
  readonly kinds: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  readonly masked: readonly { readonly role: Role; readonly scores: MaskedScores }[];
  /** block length 1: what ships against unrounded weights, where those were measured */
  readonly shipsToF32: { readonly exact: Interval; readonly logLikelihood: Interval } | null;
}

/** What all tenths of a way with a model gave, in order. */
interface Gathered {
  readonly role: Role;
  readonly way: Way;
  readonly answers: readonly Reply[];
  readonly scores: readonly Scored[];
  /** of the questions; none where none was asked */
  readonly right: readonly boolean[];
}

/** Puts results together; ways that are not finished are left out. */
export function summarize(data: EvaluationData, results: Results, parts: readonly Part[]): Summary {
  const tenths = [...new Set(parts.map(({ tenth }) => tenth))];
  const asked = tenths.flatMap((tenth) => tenthOf(data.questions, tenth));
  const all = gatherAll(data, results, parts);
  const original = all.find(({ role, way }) => role === "original" && way.id === inOrder.id);
  if (original === undefined) throw new Error("the original's own answers are not there yet: run on");
  const inOrderOf = (role: Role) => all.find((one) => one.role === role && one.way.id === inOrder.id);
  const rows = all.map((one) => rowOf(one, asked, inOrderOf(one.role) ?? original, original));
  const [ships, f32] = [inOrderOf("ships"), inOrderOf("f32")];
  return {
    weights: results.weightsOf("ships"),
    form: tenths.length === 1 ? "quick" : "full",
    questions: asked.length,
    conversations: original.answers.length,
    kinds: count(asked.map(({ kind }) => kind)),
    rows,
    masked: gatherMasked(results, parts),
    shipsToF32:
      ships === undefined || f32 === undefined
        ? null
        : {
            exact: pairedShares(ships.right, f32.right),
            logLikelihood: pairedMeans(ships.scores, f32.scores),
          },
  };
}

function gatherAll(data: EvaluationData, results: Results, parts: readonly Part[]): Gathered[] {
  const finished = parts.filter((part) => results.has(part));
  const wanted = new Map(
    parts.flatMap((part) => (part.type === "masked" ? [] : [[`${part.role} ${part.way.id}`, part]])),
  );
  return [...wanted.values()].flatMap(({ role, way }) => {
    const isMine = (part: Part) => part.type !== "masked" && part.role === role && part.way.id === way.id;
    const mine = finished.filter(isMine);
    if (mine.length < parts.filter(isMine).length) return [];
    return [gather(data, results, role, way, mine)];
  });
}

function gather(
  data: EvaluationData,
  results: Results,
  role: Role,
  way: Way,
  parts: readonly Part[],
): Gathered {
  const decoded = parts.filter((part) => part.type === "decoded");
  const answers = decoded
    .filter(({ set }) => set === "conversations")
    .flatMap((part) => results.decoded(part));
  const right = decoded
    .filter(({ set }) => set === "questions")
    .flatMap((part) => rightOf(tenthOf(data.questions, part.tenth), results.decoded(part)));
  const scores = parts.filter((part) => part.type === "scored").flatMap((part) => results.scored(part));
  return { role, way, answers, scores, right };
}

function rightOf(questions: EvaluationData["questions"], replies: readonly Reply[]): boolean[] {
  return questions.map((question, index) => isRight(question, replies[index]?.text ?? ""));
}

function rowOf(
  one: Gathered,
  asked: EvaluationData["questions"],
  blockOne: Gathered,
  original: Gathered,
): Row {
  const { role, way, answers, scores, right } = one;
  const checked = sum(answers.map(({ draftsChecked }) => draftsChecked));
  const exact = {
    right: right.filter(Boolean).length,
    asked: right.length,
    kinds: count(asked.filter((_, index) => right[index]).map(({ kind }) => kind)),
    toBlockOne: pairedShares(right, blockOne.right),
    toOriginal: pairedShares(right, original.right),
  };
  return {
    role,
    way: way.id,
    tokensPerPass: sum(answers.map(({ ids }) => ids.length)) / sum(answers.map(({ passes }) => passes)),
    acceptedDrafts: checked === 0 ? null : sum(answers.map(({ draftsAccepted }) => draftsAccepted)) / checked,
    exact: right.length === 0 ? null : exact,
    logLikelihood: meanOf(scores),
    toOriginal: pairedMeans(scores, original.scores),
    stopped: answers.filter(({ stopped }) => stopped).length / answers.length,
    distinctFourGrams: sum(answers.map(({ ids }) => distinctFourGrams(ids))) / answers.length,
    medianLength: median(answers.map(({ ids }) => ids.length)),
  };
}

function gatherMasked(results: Results, parts: readonly Part[]): Summary["masked"] {
  const masked = parts.filter((part) => part.type === "masked");
  return [...new Set(masked.map(({ role }) => role))].flatMap((role) => {
    const mine = masked.filter((part) => part.role === role);
    if (!mine.every((part) => results.has(part))) return [];
    const scores = noScores();
    for (const part of mine) addScores(scores, results.masked(part));
    return [{ role, scores }];
  });
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
