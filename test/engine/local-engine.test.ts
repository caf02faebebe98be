import { afterAll, expect, test } from "vitest";
import { openEngine, recordedSteps } from "../../src/engine/index.ts";
import { formulaModel } from "../synthetic/formula-model.ts";
import { endOf, eventsOf, ofType, settingsWith } from "../synthetic/running.ts";

const script = Array.from({ length: 200 }, (_, position) => position * 6 + 3);
const engine = await openEngine(await formulaModel({ vocabulary: 101, script }), {
  device: "cpu",
  threads: 1,
});
const request = { promptIds: [3, 4, 5], settings: settingsWith(), stopTokenIds: [] };

afterAll(() => engine.close());

test("a knob turned before the first pass counts from there on, and steps that were recorded do not", async () => {
  const again = recordedSteps(await eventsOf(engine, request));
  const answer = eventsOf(engine, { ...request, again });
  engine.adjust({ blockLength: 8 });
  const opened = ofType(await answer, "block_opened");
  expect(new Set(opened.map(({ settings }) => settings.blockLength))).toEqual(new Set([8]));
});

test("a knob turned while an answer waits for the one before counts for both, and not for the next", async () => {
  const answers = [eventsOf(engine, request), eventsOf(engine, request)];
  engine.adjust({ maxTokens: 5 });
  const lengths = (await Promise.all(answers)).map((events) => endOf(events).ids.length);
  expect(lengths).toEqual([5, 5]);
  expect(endOf(await eventsOf(engine, request)).ids).toHaveLength(16);
});

test("an answer is not repeated by steps that no knob could have set", async () => {
  const settings = settingsWith({ blockLength: 0 });
  const opened = { type: "block_opened", block: 0, start: 0, ids: [3, 4, 5, 0], settings } as const;
  const repetition = engine.repeat(request, [opened])[Symbol.asyncIterator]().next();
  await expect(repetition).rejects.toMatchObject({
    kind: "usage",
    message: "block-length must be a whole number, 1..256, not 0.",
  });
});
