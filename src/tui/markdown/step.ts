import type { FlowUnit } from "../text/flow.ts";
import type { Place } from "./place.ts";
import type { ReadingGlyphs, ReadingOptions } from "./reading.ts";

/** How, and for what width, Markdown is laid out. */
export interface Setting extends ReadingOptions {
  readonly width: number;
  /** nothing more will come */
  readonly final: boolean;
  readonly glyphs: ReadingGlyphs;
}

/** What was read from one place on: its units, where the next begins, and what is known there. */
export interface Step {
  readonly units: readonly FlowUnit[];
  readonly next: number;
  readonly place: Place;
}

/** What is left of a flow from there on. */
export function restAt(offset: number, place: Place): FlowUnit["rest"] {
  return { offset, code: false, midLine: false, place };
}
