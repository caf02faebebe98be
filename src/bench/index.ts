export { compareDecoding, type Turn } from "./compare.ts";
export { contenders, type Contender, type Grid } from "./contenders.ts";
export { csv } from "./csv.ts";
export { decodeOnce, type DecodingRun } from "./decode-once.ts";
export {
  decodingFigures,
  figuresByKind,
  lastTexts,
  type DecodingFigures,
  type KindFigures,
} from "./decoding-figures.ts";
export { bytesPerPass, expectedRate, weightBytes, type ModelShape } from "./expectation.ts";
export { arithmeticPeak, bytesRead, passFloor, type MachinePeaks } from "./floor.ts";
export { likelihoodInOrder, type Likelihood } from "./likelihood.ts";
export { cacheBytesPerToken, memoryNeeds, type MemoryNeeds } from "./memory.ts";
export { memoryReadTime } from "./memory-read.ts";
export { measureOverhead, type Overhead } from "./overhead.ts";
export { passCosts, type PassCost, type PassShape } from "./pass-cost.ts";
export { plotSvg, type PlotCurve } from "./plot.ts";
export { builtInPrompts, parsePrompts, type BenchPrompt } from "./prompts.ts";
export { paperDevices, publishedModels } from "./published-models.ts";
export { answerQuestions, likelihoodOfAnswers, type AskedQuestion } from "./quality.ts";
export { isRight, someQuestions, type Question } from "./questions.ts";
export { median, sum } from "./statistics.ts";
export { figure, table } from "./table.ts";
export { fixedText } from "./text.ts";
