import type { DecodingSettings, Knob } from "../../engine/index.ts";

/** Short names of strategies that a person types. */
export const strategyAliases: Readonly<Record<string, string>> = {
  static: "low_confidence_static",
  dynamic: "low_confidence_dynamic",
  entropy: "entropy_bounded",
  speculative: "self_speculative",
};

/** May a value of the knob begin so? What may not is no value: somebody writes a message. */
export function mayBegin({ key, range }: Knob<keyof DecodingSettings>, text: string): boolean {
  const begins = (names: readonly string[]) => names.some((name) => name.startsWith(text.toLowerCase()));
  if (range.kind === "choice")
    return begins([...range.of, ...(key === "strategy" ? Object.keys(strategyAliases) : [])]);
  if (range.kind === "switch") return begins(["true", "false"]);
  if (range.kind === "whole" && range.word !== undefined && begins([range.word])) return true;
  return /^[+-]?(?:\d+\.?\d*|\.\d*)?(?:e[+-]?\d*)?$/i.test(text);
}
