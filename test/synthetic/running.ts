import { defaultSettings } from "../../src/engine/index.ts";
import type {
  DecodingSettings,
  Engine,
  EngineEvent,
  Finished,
  GenerateRequest,
} from "../../src/engine/index.ts";
import { carryId, maskId, type Formula } from "./formula-model.ts";

/** Block length 4, one position a step from the left, certain to be repeated. */
export function settingsWith(change: Partial<DecodingSettings> = {}): DecodingSettings {
  return { ...defaultSettings(4), strategy: "sequential", maxTokens: 16, ...change };
}

/** Runs a generation to its end; `onEvent` may interfere. */
export async function eventsOf(
  engine: Engine,
  request: GenerateRequest,
  onEvent: (event: EngineEvent) => void = () => {},
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of engine.generate(request)) {
    events.push(event);
    onEvent(event);
  }
  return events;
}

export function ofType<Type extends EngineEvent["type"]>(
  events: readonly EngineEvent[],
  type: Type,
): Extract<EngineEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<EngineEvent, { type: Type }> => event.type === type);
}

export function endOf(events: readonly EngineEvent[]): Finished {
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error("the generation did not finish");
  return last;
}

export async function finish(engine: Engine, request: GenerateRequest): Promise<Finished> {
  return endOf(await eventsOf(engine, request));
}

/** The text of a formula model after `prompt`, one position after the other; the least id stands for a banned one. */
export function expectedText(
  prompt: readonly number[],
  { script, vocabulary, blockContext }: Formula,
  count: number,
): number[] {
  const banned = blockContext === "causal" ? [maskId, carryId] : [maskId];
  const ids = [...prompt];
  while (ids.length < prompt.length + count) {
    const token = ids.reduce((total, id) => total + id, script[ids.length] ?? 0) % vocabulary;
    ids.push(banned.includes(token) ? banned.length : token);
  }
  return ids.slice(prompt.length);
}
