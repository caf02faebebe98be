import type { AnswerState } from "./answer.ts";
import { type AnswerRates, rateText } from "./answer-rates.ts";
import type { Comparison, SideAnswer } from "./compare.ts";
import { diffWords } from "./text-diff.ts";

/** A line of a comparison for people: what it is, its name, its text, and the right side's ratio to the left one. */
export interface ReportLine {
  readonly kind: "sides" | "count" | "sentence" | "same" | "different";
  readonly lead: string;
  readonly text: string;
  readonly ratio?: string;
}

const leadCells = 18;
/** Longer names of sides are cut. */
const sideCells = 26;
/** Words that are shown at each end of a stretch that both texts have. */
const shownWords = 6;
const mostStretches = 12;

/** What a comparison found: the counts beside one another, where the texts part, and how they differ. */
export function reportOf({ answers, parting }: Comparison): ReportLine[] {
  const [a, b] = answers;
  if (a === undefined || b === undefined) return [sentence("The comparison was stopped.")];
  const width = 2 + Math.max(sideName(a).length, ...counts.map(({ text }) => text(a.answer).length));
  const sides: ReportLine = {
    kind: "sides",
    lead: " ".repeat(leadCells),
    text: sideName(a).padEnd(width) + sideName(b),
  };
  const table = [sides, ...counts.map((count) => countLine(count, a.answer, b.answer, width))];
  if (parting === undefined) return [...table, sentence("Both texts are the same, token by token.")];
  const [one, other] = parting.labels.map((label) =>
    label === undefined ? "its end" : JSON.stringify(label),
  );
  const where = `They part at token ${parting.at + 1}: ${one ?? ""} on the left, ${other ?? ""} on the right.`;
  return [...table, sentence(where), ...stretchLines(a, b)];
}

const sentence = (text: string): ReportLine => ({ kind: "sentence", lead: "", text });

function sideName({ side: { name } }: SideAnswer): string {
  return name.length > sideCells ? `${name.slice(0, sideCells - 3)}...` : name;
}

interface Count {
  readonly name: string;
  readonly text: (answer: AnswerState) => string;
  /** what a ratio is made of */
  readonly value?: (rates: AnswerRates) => number | undefined;
}

const counts: readonly Count[] = [
  { name: "tokens", text: ({ rates }) => String(rates.tokens) },
  { name: "passes", text: ({ rates }) => String(rates.passes), value: (rates) => rates.passes },
  {
    name: "tokens a pass",
    text: ({ rates }) => rateText(rates.tokensPerPass),
    value: (rates) => rates.tokensPerPass,
  },
  {
    name: "tokens a second",
    text: ({ rates }) => rateText(rates.tokensPerSecond),
    value: (rates) => rates.tokensPerSecond,
  },
  {
    name: "first text after",
    text: ({ rates: { timeToFirstTextMs: first } }) =>
      first === undefined ? "-" : `${(first / 1000).toFixed(2)} s`,
    value: (rates) => rates.timeToFirstTextMs,
  },
  { name: "ended", text: ({ reason }) => (reason === undefined ? "-" : endings[reason]) },
];

const endings: Record<NonNullable<AnswerState["reason"]>, string> = {
  stop: "by itself",
  length: "at the limit",
  context: "context full",
  aborted: "stopped",
};

function countLine({ name, text, value }: Count, a: AnswerState, b: AnswerState, width: number): ReportLine {
  const [before, after] = [value?.(a.rates), value?.(b.rates)];
  const hasRatio = before !== undefined && after !== undefined && before > 0;
  return {
    kind: "count",
    lead: name.padEnd(leadCells),
    text: text(a).padEnd(width) + text(b),
    ...(hasRatio && { ratio: `${(after / before).toFixed(2)}x` }),
  };
}

/** The texts one under the other: what both have shortened, each difference with its side's name. */
function stretchLines(a: SideAnswer, b: SideAnswer): ReportLine[] {
  const names = [sideName(a), sideName(b)];
  const width = 2 + Math.max(...names.map((name) => name.length));
  const lines = diffWords(a.answer.text, b.answer.text).map((stretch): ReportLine[] => {
    if (stretch.kind === "same")
      return [{ kind: "same", lead: " ".repeat(width), text: shortened(stretch.text) }];
    return stretch.texts.map((text, index) => ({
      kind: text === "" ? "same" : "different",
      lead: (names[index] ?? "").padEnd(width),
      text: text === "" ? "(nothing)" : text,
    }));
  });
  const more = lines.length - mostStretches;
  const shown = lines.slice(0, mostStretches).flat();
  return more > 0 ? [...shown, sentence(`... and ${more} more stretches.`)] : shown;
}

function shortened(text: string): string {
  const words = text.split(" ");
  const left = words.length - 2 * shownWords;
  if (left < shownWords) return text;
  return `${words.slice(0, shownWords).join(" ")} ... (${left} words) ... ${words.slice(-shownWords).join(" ")}`;
}
