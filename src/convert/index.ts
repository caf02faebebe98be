export {
  convertCheckpoint,
  type ConversionPlan,
  type ConversionProgress,
  type ConvertOptions,
} from "./convert.ts";
export { tokenizerJson, tokenizerConfigSchema, type TokenizerParts } from "./tokenizer-json.ts";
export type { WeightChoice } from "./weight-choice.ts";
