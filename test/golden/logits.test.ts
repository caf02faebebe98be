import { afterAll, expect, test } from "vitest";
import { Session } from "../../src/engine/decoding/session.ts";
import { openModelGraph } from "../../src/engine/index.ts";
import { goldenModel, type GoldenName } from "./models.ts";
import { differencesOf, vectorCases, vectorNames } from "./vectors.ts";

const sessions = new Map<GoldenName, Session>();
for (const name of vectorNames) {
  const { config, graph } = await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 });
  sessions.set(name, new Session(config, graph));
}

afterAll(async () => {
  for (const { graph } of sessions.values()) await graph.close();
});

test("there are logits of 19 cases", () => {
  expect(vectorCases).toHaveLength(19);
});

test.for(vectorCases)("$name $id: every forward gives the official logits within 5e-4", async (each) => {
  const session = sessions.get(each.name);
  if (session === undefined) throw new Error(`no model ${each.name}`);
  expect(Math.max(...(await differencesOf(each, session)))).toBeLessThan(5e-4);
});
