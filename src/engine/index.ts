export type { Examination, PassTimes, Verdict } from "./device/verdicts.ts";
export { hasGpu, type Adapter } from "./device/adapters.ts";
export type { Device, Engine, EngineInfo, EngineOptions, GenerateRequest } from "./engine.ts";
export { takeOver, turnsByHand } from "./auto/dial.ts";
export { openEngineProcess } from "./process/engine-process.ts";
export type {
  BlockFinished,
  BlockOpened,
  Candidate,
  Denoised,
  DeviceChanged,
  EngineEvent,
  Finished,
  PassCounts,
  Prefilled,
  SlotReading,
} from "./events.ts";
export type { Chain } from "./graph/chain.ts";
export { formOf, type Form } from "./rows/forms.ts";
export type { Graph, PassResult } from "./graph/graph.ts";
export { idleReason, isDrawn, knobCounts } from "./knob-use.ts";
export {
  changeFromText,
  checkKnob,
  checkSettings,
  decodingKnobs,
  engineKnobs,
  knobFromText,
  rangeText,
  type Knob,
  type KnobRange,
  type KnobValue,
} from "./knobs.ts";
export { openChain, openEngine, openModelGraph, type LocalEngine } from "./local-engine.ts";
export { recordedSteps, type RecordedStep } from "./recorded-settings.ts";
export { Rows } from "./rows/rows.ts";
export {
  defaultSettings,
  doubts,
  remaskingStrategies,
  strategies,
  type RemaskingStrategy,
  type DecodingSettings,
  type Doubt,
  type Strategy,
} from "./settings.ts";
export type { SpeculativePass, SpeculativeTrace } from "./decoding/speculative-trace.ts";
export type { Trace, TraceRequest, TraceStep } from "./decoding/trace.ts";
