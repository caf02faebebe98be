export type { Engine, EngineInfo, EngineOptions, GenerateRequest } from "./engine.ts";
export type {
  BlockFinished,
  BlockOpened,
  Candidate,
  Denoised,
  EngineEvent,
  Finished,
  PassCounts,
  Prefilled,
  SlotReading,
} from "./events.ts";
export {
  changeFromText,
  checkKnob,
  decodingKnobs,
  engineKnobs,
  knobFromText,
  rangeText,
  type Knob,
  type KnobRange,
  type KnobValue,
} from "./knobs.ts";
export { defaultSettings, strategies, type DecodingSettings, type Strategy } from "./settings.ts";
