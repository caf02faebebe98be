import { reduceAnswer, waitingAnswer, type AnswerState } from "../../chat/index.ts";
import { rateText } from "../paint/settings-words.ts";
import type { ChatState, NoteLine } from "../store/state.ts";
import { piece } from "../text/row.ts";

/** What `/stats` prints: each rate with its name, for they are easily taken for one another. */
export function statsLines(state: ChatState): NoteLine[] {
  const { context, turns, model, settings, device } = state;
  const { tokens, limit } = context;
  const last = lastAnswer(state);
  const lines: [string, string][] = [
    ["context", `${tokens} of ${limit} tokens${shareText(tokens, limit)}`],
    ["conversation", `${turns.length} ${turns.length === 1 ? "message" : "messages"}`],
    ["model", model.name],
    ["strategy", settings.doubt === "off" ? settings.strategy : `auto ${settings.doubt}`],
  ];
  if (last === undefined) {
    lines.unshift(["last answer", "none yet"]);
  } else {
    const { rates, prompt } = last;
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

/** The last one that anything was decoded of: what failed before that has no rates. */
function lastAnswer({ answer, turns, tokens }: ChatState): AnswerState | undefined {
  if (answer !== undefined && answer.engine.rates.passes > 0) return answer.engine;
  const turn = turns.findLast(({ events }) => events.some(({ type }) => type === "denoised"));
  if (turn === undefined || tokens === undefined) return undefined;
  const { events, reply } = turn;
  return events.reduce((before, event) => reduceAnswer(before, event, tokens), waitingAnswer(reply.settings));
}

const promptText = (tokens: number, reused: number) =>
  `${tokens} tokens, ${reused} of them${shareText(reused, tokens)} still in the cache`;

const shareText = (part: number, whole: number) =>
  whole > 0 ? ` (${((100 * part) / whole).toFixed(1)}%)` : "";
