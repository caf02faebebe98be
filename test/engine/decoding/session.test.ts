import { afterAll, expect, test } from "vitest";
import { openModelGraph } from "../../../src/engine/index.ts";
import type { Sequence } from "../../../src/engine/rows/sequence.ts";
import { Session } from "../../../src/engine/decoding/session.ts";
import { formulaModel } from "../../synthetic/formula-model.ts";

const script = Array.from({ length: 64 }, () => 9);
const { config, graph } = await openModelGraph(await formulaModel({ vocabulary: 100, script }), {
  device: "cpu",
  threads: 1,
});

afterAll(() => graph.close());

const first = Array.from({ length: 12 }, (_, index) => index + 10);
const second = first.with(5, 90);

async function prefill({ form, rows }: Session, sequence: Sequence) {
  rows.clear();
  form.layOut(rows, sequence, graph.cached, form.cacheableEnd(sequence));
  await graph.run(rows, 1, false);
  graph.keep(rows.settled);
}

test("what a text left in the cache serves the next one up to the border before the first difference", async () => {
  const session = new Session(config, graph);
  const sequence = session.begin({ promptIds: first }, 4);
  await prefill(session, sequence);
  session.remember(sequence);
  session.begin({ promptIds: second }, 4);
  expect(graph.cached).toBe(4);
});

test("a generation that broke off without a word leaves nothing wrong for the next one", async () => {
  const session = new Session(config, graph);
  const sequence = session.begin({ promptIds: first }, 4);
  await prefill(session, sequence);
  session.remember(sequence);
  await prefill(session, session.begin({ promptIds: second }, 4));
  session.begin({ promptIds: first }, 4);
  expect(graph.cached).toBe(4);
});
