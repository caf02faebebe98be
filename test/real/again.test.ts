import path from "node:path";
import { expect, test } from "vitest";
import { Conversation, verifyTurn } from "../../src/chat/index.ts";
import { defaultSettings, openEngine } from "../../src/engine/index.ts";
import { loadModelFolder, openTokenizer } from "../../src/model/index.ts";

const embedded = path.join(import.meta.dirname, "../../assets/embedded");
const questions = ["Why is the sky blue?", "What is 2 + 2?", "Who wrote Hamlet?", "What colour is grass?"];

test("8-bit weights give the same answers again, although the cache holds the prompt by then", async () => {
  const folder = await loadModelFolder(embedded);
  const engine = await openEngine(embedded, { device: "cpu", threads: 1 });
  const tokenizer = await openTokenizer(folder);
  const settings = { ...defaultSettings(4), strategy: "self_speculative", maxTokens: 40 } as const;
  for (const question of questions) {
    const conversation = new Conversation({ engine, tokenizer, folder, settings });
    const answers: (readonly number[])[] = [];
    for await (const event of conversation.send(question))
      if (event.type === "finished") answers.push(event.ids);
    for (let time = 0; time < 2; time++) {
      for await (const event of conversation.again()) if (event.type === "finished") answers.push(event.ids);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  }
  await engine.close();
});

test("8-bit weights decode a conversation again to the same numbers, its answers in their order", async () => {
  const folder = await loadModelFolder(embedded);
  const options = { device: "cpu", threads: 1 } as const;
  const [first, second] = [await openEngine(embedded, options), await openEngine(embedded, options)];
  const tokenizer = await openTokenizer(folder);
  const settings = { ...defaultSettings(4), maxTokens: 24 };
  const conversation = new Conversation({ engine: first, tokenizer, folder, settings });
  for (const question of questions.slice(0, 2)) for await (const _ of conversation.send(question));
  for (const turn of conversation.turns) {
    expect(await verifyTurn(turn, second)).not.toHaveProperty("difference");
  }
  for (const engine of [first, second]) await engine.close();
});
