import { afterAll, expect, test } from "vitest";
import {
  defaultSettings,
  formOf,
  openEngine,
  type EngineEvent,
  type GenerateRequest,
} from "../../../src/engine/index.ts";
import { ResumableAnswer } from "../../../src/engine/process/resumable-answer.ts";
import { goldenModel } from "../../golden/models.ts";
import { endOf, eventsOf, ofType } from "../../synthetic/running.ts";

const options = { device: "cpu", threads: 1 } as const;
const engines = {
  "dense-tiny": await openEngine(await goldenModel("dense-tiny"), options),
  "carry-tiny": await openEngine(await goldenModel("carry-tiny"), options),
};
afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.close();
});

const cases = (["dense-tiny", "carry-tiny"] as const).flatMap((name) =>
  (["low_confidence_dynamic", "self_speculative"] as const).flatMap((strategy) =>
    [0, 1, 4, 11].map((passes) => ({ name, strategy, passes })),
  ),
);

/** Hands on events up to the nth pass, as a process does that ends behind it. */
function upToPass(events: readonly EngineEvent[], passes: number): EngineEvent[] {
  let seen = 0;
  return events.slice(
    0,
    events.findIndex((event) => event.type === "denoised" && ++seen > passes),
  );
}

test.each(cases)(
  "$name, $strategy: an answer whose process ends behind pass $passes goes on in another one as if nothing had been",
  async ({ name, strategy, passes }) => {
    const engine = engines[name];
    const settings = { ...defaultSettings(4), strategy, threshold: 0.6, maxTokens: 30 };
    const promptIds = Array.from({ length: 22 }, (_, index) => (index * 7919 + 13) % 500);
    const request: GenerateRequest = { promptIds, borders: [3, 7], settings, stopTokenIds: [] };
    const whole = await eventsOf(engine, request);
    const answer = new ResumableAnswer(request, formOf(engine.info.model));
    expect(answer.begin()).toEqual(request);
    const heard = [...answer.hear(upToPass(whole, passes))];
    heard.push(...answer.hear(await eventsOf(engine, answer.begin())));

    const [end, wanted] = [endOf(heard), endOf(whole)];
    expect(end).toMatchObject({ reason: "length", ids: wanted.ids, borders: wanted.borders });
    expect(ofType(heard, "prefilled")).toHaveLength(1);
    const finished = ofType(heard, "block_finished");
    expect(finished.map(({ block }) => block)).toEqual(finished.map((_, index) => index));
    // Guesses are lost with the process: windows are others then, their text is not.
    const isSame = strategy !== "self_speculative";
    expect(finished).toEqual(isSame ? ofType(whole, "block_finished") : finished);
    const passesSeen = ofType(heard, "denoised");
    expect(end.passes.denoise).toBe(passesSeen.length);
    expect(new Set(passesSeen.map((pass) => pass.settings.maxTokens))).toEqual(new Set([30]));
    const times = passesSeen.map(({ elapsed }) => elapsed);
    expect(times.slice(passes)).toEqual(times.slice(passes).toSorted((a, b) => a - b));
  },
);

test("a window that the dial opens where blocks were wanted leaves its borders to the next process", async () => {
  const engine = engines["dense-tiny"];
  const settings = { ...defaultSettings(4), doubt: "exact", maxTokens: 20 } as const;
  const promptIds = Array.from({ length: 10 }, (_, index) => (index * 7919 + 13) % 500);
  const request: GenerateRequest = { promptIds, settings, stopTokenIds: [] };
  const whole = await eventsOf(engine, request);
  const answer = new ResumableAnswer(request, formOf(engine.info.model));
  answer.hear(upToPass(whole, 3));
  const next = answer.begin();
  const { borders } = endOf(whole);
  expect(borders.slice(0, 4)).toEqual([4, 8, 9, 10]);
  const decoded = next.promptIds.length;
  expect(next.borders).toEqual(borders.filter((border) => border <= decoded));
});

test("a limit that is changed later counts for the whole answer, in the next process too", () => {
  const settings = { ...defaultSettings(4), maxTokens: 30 };
  const request = { promptIds: [1, 2, 3, 4], settings };
  const answer = new ResumableAnswer(request, formOf(engines["carry-tiny"].info.model));
  answer.hear([
    { type: "block_opened", block: 0, start: 4, ids: [0, 0, 0, 0], settings },
    { type: "block_finished", block: 0, start: 4, ids: [9, 8, 7, 6] },
  ]);
  expect(answer.adjust({ maxTokens: 20 })).toEqual({ maxTokens: 20 });
  expect(answer.begin()).toMatchObject({ promptIds: [1, 2, 3, 4, 9, 8, 7, 6], settings: { maxTokens: 16 } });
  expect(answer.adjust({ maxTokens: 40, threshold: 0.5 })).toEqual({ maxTokens: 36, threshold: 0.5 });
});

test("an answer whose process ends before it says anything is told whole by the next", async () => {
  const engine = engines["dense-tiny"];
  const settings = { ...defaultSettings(4), maxTokens: 6 };
  const request = { promptIds: [1, 2, 3, 4, 5], borders: [2], settings, stopTokenIds: [] };
  const answer = new ResumableAnswer(request, formOf(engine.info.model));
  answer.begin();
  const heard = answer.hear(await eventsOf(engine, answer.begin()));
  expect(heard.map(({ type }) => type)).toEqual((await eventsOf(engine, request)).map(({ type }) => type));
  expect(endOf(heard).borders[0]).toBe(2);
});

test("a knob turned before a process begins is what it is asked for, and recorded steps count no more", () => {
  const settings = defaultSettings(4);
  const again = [{ asking: "block", settings }] as const;
  const answer = new ResumableAnswer(
    { promptIds: [1], settings, again },
    formOf(engines["dense-tiny"].info.model),
  );
  answer.adjust({ threshold: 0.5 });
  const request = answer.begin();
  expect(request.settings).toEqual({ ...settings, threshold: 0.5 });
  expect(request.again).toBeUndefined();
});

test("the prompt is cut for the next process as it was for the one before, whatever was turned in between", async () => {
  const engine = engines["dense-tiny"];
  const promptIds = Array.from({ length: 22 }, (_, index) => (index * 7919 + 13) % 500);
  const request = { promptIds, settings: defaultSettings(16), stopTokenIds: [] };
  const answer = new ResumableAnswer(request, formOf(engine.info.model));
  answer.adjust({ blockLength: 4, maxTokens: 12 });
  const whole = await eventsOf(engine, answer.begin());
  answer.adjust({ blockLength: 8 });
  answer.hear(upToPass(whole, 6));
  const { promptIds: decoded, borders } = answer.begin();
  expect(decoded.length).toBeGreaterThan(22);
  expect(borders).toEqual(endOf(whole).borders.filter((border) => border <= decoded.length));
});

test("times go on from where the next process begins: it took a while to load", async () => {
  const engine = engines["carry-tiny"];
  const request = {
    promptIds: [1, 2, 3],
    settings: { ...defaultSettings(4), maxTokens: 8 },
    stopTokenIds: [],
  };
  const answer = new ResumableAnswer(request, formOf(engine.info.model));
  answer.hear(upToPass(await eventsOf(engine, answer.begin()), 1));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const heard = answer.hear(await eventsOf(engine, answer.begin()));
  expect(ofType(heard, "denoised")[0]?.elapsed).toBeGreaterThan(290);
  expect(endOf(heard).milliseconds).toBeGreaterThan(290);
});
