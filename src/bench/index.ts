export {
  compareDecoding,
  decodeOnce,
  type Contender,
  type DecodingFigures,
  type DecodingRun,
} from "./decoding.ts";
export { likelihoodInOrder, type Likelihood } from "./likelihood.ts";
export { memoryReadTime } from "./memory-read.ts";
export { passCosts, type PassCost, type PassCostOptions } from "./pass-cost.ts";
export { isRight, prompts, questions, type Question } from "./questions.ts";
export { figure, table } from "./table.ts";
export { fixedText } from "./text.ts";
