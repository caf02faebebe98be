import { rateText } from "../paint/settings-words.ts";
import type { ChatState, NoteLine } from "../store/state.ts";
import { piece } from "../text/row.ts";

/** What `/stats` prints: each rate with its name, for they are easily taken for one another. */
export function statsLines({ answer, context, turns, model, settings, device }: ChatState): NoteLine[] {
  const { tokens, limit } = context;
  const lines: [string, string][] = [
    ["context", `${tokens} of ${limit} tokens${shareText(tokens, limit)}`],
    ["conversation", `${turns.length} ${turns.length === 1 ? "message" : "messages"}`],
    ["model", model.name],
    ["strategy", settings.doubt === "off" ? settings.strategy : `auto ${settings.doubt}`],
  ];
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
      ["prompt", promptText(prompt?.tokens ?? 0, prompt?.reused ?? 0)],
    );
  }
  if (device !== undefined) lines.push(["device", device]);
  return lines.map(([name, value]) => ({ lead: [piece(name.padEnd(18), "dim")], text: [piece(value)] }));
}

const promptText = (tokens: number, reused: number) =>
  `${tokens} tokens, ${reused} of them${shareText(reused, tokens)} still in the cache`;

const shareText = (part: number, whole: number) =>
  whole > 0 ? ` (${((100 * part) / whole).toFixed(1)}%)` : "";
