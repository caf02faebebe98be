/**
 * Makes recorded.json anew: answers of the embedded model, one token at a time, with what the masks ahead said on the way.
 * usage: node test/engine/auto/record.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  defaultSettings,
  openEngine,
  type Denoised,
  type DecodingSettings,
} from "../../../src/engine/index.ts";
import { loadModelFolder, openTokenizer } from "../../../src/model/index.ts";
import type { Recording } from "./worlds.ts";

const ahead = 15;
/** of an answer, at most */
const tokens = 96;

/** Several of each kind: a text that is short and repeated lets some fixed setting fall into step with it. */
const prompts = {
  short: [
    "What is the capital of France, and which river runs through it?",
    "Who wrote Hamlet?",
    "What colour do blue and yellow make?",
    "How many legs does a spider have?",
    "What is the opposite of cold?",
    "On which continent is Kenya?",
    "What do bees make?",
  ],
  list: [
    "Name the days of the week and the months of the year, one a line.",
    "List ten animals that live in the sea.",
    "Name the planets of the solar system.",
  ],
  code: [
    "Write a Python function that checks whether a number is prime, and explain it.",
    "Write a loop in Python that prints the squares of 1 to 10.",
    "Write a function in JavaScript that reverses a string.",
  ],
  story: [
    "Tell a short story about a fox who finds a lantern in the snow.",
    "Tell me a short story about a dog.",
    "Describe a walk through a forest in autumn.",
  ],
  arithmetic: [
    "What is 12 + 7? Show how you get there.",
    "What is 9 times 8? Show how you get there.",
    "Count from 1 to 20, and say of each number whether it is even or odd.",
    "What is 100 minus 37? Show how you get there.",
  ],
};

/** No guess is ever proposed: each pass brings one token and asks all the masks behind it. */
const settings: DecodingSettings = {
  ...defaultSettings(ahead + 1),
  strategy: "self_speculative",
  draftThreshold: 1,
  maxTokens: tokens + ahead,
};

const folder = await loadModelFolder(fileURLToPath(new URL("../../../assets/embedded", import.meta.url)));
const tokenizer = await openTokenizer(folder);
const engine = await openEngine(folder.path, { device: "cpu", threads: 0 });

async function looksOf(content: string): Promise<number[][]> {
  const text = tokenizer.renderChat([{ role: "user", content }], { addGenerationPrompt: true });
  const passes: Denoised[] = [];
  for await (const event of engine.generate({ promptIds: tokenizer.encodeChat(text), settings })) {
    if (event.type === "denoised") passes.push(event);
  }
  const ids = passes.map(({ slots }) => slots[0]?.token);
  // What would follow the end of the answer is no right guess.
  return passes.slice(0, tokens).map(({ slots }, position) =>
    slots.slice(0, ahead + 1).map(({ token, confidence }, offset) => {
      const percent = Math.round(100 * confidence);
      return token === ids[position + offset] ? percent : -percent;
    }),
  );
}

const recorded: Recording[] = [];
for (const [kind, questions] of Object.entries(prompts)) {
  const looks: number[][] = [];
  for (const question of questions) looks.push(...(await looksOf(question)));
  recorded.push({ kind, looks });
}
await engine.close();
const lines = recorded.map((each) => JSON.stringify(each));
writeFileSync(new URL("./recorded.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
