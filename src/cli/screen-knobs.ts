import type { Knob } from "../engine/index.ts";

/** How a chat looks and what it keeps, besides the model's part. */
export interface ScreenSettings {
  readonly save: boolean;
  readonly theme: "dark" | "light";
  readonly ascii: boolean;
  readonly motion: boolean;
  readonly view: number | "live";
  readonly heat: "off" | "live" | "kept";
  readonly plain: boolean;
  readonly screenReader: boolean;
}

/** Knobs of the chat's screen. */
export const screenKnobs: readonly Knob<keyof ScreenSettings>[] = [
  {
    key: "save",
    name: "save",
    placeholder: "switch",
    range: { kind: "switch", usual: true },
    help: "keep conversations and the history of the prompt in files",
  },
  {
    key: "theme",
    name: "theme",
    placeholder: "name",
    range: { kind: "choice", of: ["dark", "light"] },
    help: "background to choose colours for, instead of asking the terminal",
  },
  {
    key: "ascii",
    name: "ascii",
    placeholder: "switch",
    range: { kind: "switch", usual: false },
    help: "draw with ASCII characters alone",
  },
  {
    key: "motion",
    name: "motion",
    placeholder: "switch",
    range: { kind: "switch", usual: true },
    help: "show what happens between finished blocks",
  },
  {
    key: "view",
    name: "view",
    placeholder: "n",
    range: { kind: "whole", min: 1, max: 60, word: "live" },
    help: "denoising steps shown a second, the engine never waits for them; live: each when it comes",
  },
  {
    key: "heat",
    name: "heat",
    placeholder: "where",
    range: { kind: "choice", of: ["off", "live", "kept"] },
    help: "colours of doubt: none, in what can still change, or kept in the text",
  },
  {
    key: "plain",
    name: "plain",
    placeholder: "switch",
    range: { kind: "switch", usual: false },
    help: "show the text of answers as it comes, not as Markdown",
  },
  {
    key: "screenReader",
    name: "screen-reader",
    placeholder: "switch",
    range: { kind: "switch", usual: false },
    help: "go line by line, each paragraph once, and draw nothing",
  },
];
