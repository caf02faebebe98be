import type { ColorDepth, Theme } from "./palette.ts";

/** 16 colours of the terminal's own theme, which suit any background; of the others one table a background. */
export type ColorTable = "16" | "256" | "256light" | "dark" | "light";

/** Which table of colours suits; a terminal of 256 misreads those of 24 bit. */
export function tableFor(depth: Exclude<ColorDepth, "none" | "mono">, theme: Theme): ColorTable {
  if (depth === "16" || theme === "unknown") return "16";
  if (depth === "truecolor") return theme;
  return theme === "dark" ? "256" : "256light";
}
