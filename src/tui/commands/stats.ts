import { rateText } from "../paint/settings-words.ts";
import type { ChatState, NoteLine } from "../store/state.ts";
import { piece } from "../text/row.ts";

/** What `/stats` prints: each rate with its name, for they are easily taken for one another. */
export function statsLines({ answer, context }: ChatState): NoteLine[] {
  const { tokens, limit } = context;
  const share = limit > 0 ? ` (${((100 * tokens) / limit).toFixed(1)}%)` : "";
  const lines: [string, string][] = [["context", `${tokens} of ${limit} tokens${share}`]];
  if (answer === undefined || answer.engine.rates.passes === 0) {
    lines.unshift(["last answer", "none yet"]);
  } else {
    const { rates, prompt } = answer.engine;
    const first = rates.timeToFirstTextMs;
    lines.unshift(
      ["last answer", `${rates.tokens} tokens in ${(rates.elapsedMs / 1000).toFixed(1)} s`],
      ["tokens a second", `${rateText(rates.tokensPerSecond)} (kept tokens, the whole time)`],
      ["tokens a pass", `${rateText(rates.tokensPerPass)} (${rates.passes} passes after the prompt's)`],
      ["passes a second", rateText(rates.passesPerSecond)],
      ["first text after", first === undefined ? "-" : `${(first / 1000).toFixed(2)} s`],
      ["prompt", `${prompt?.tokens ?? 0} tokens, ${prompt?.reused ?? 0} of them still in the cache`],
    );
  }
  return lines.map(([name, value]) => ({ lead: [piece(name.padEnd(18), "dim")], text: [piece(value)] }));
}
