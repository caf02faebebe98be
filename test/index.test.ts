import { expect, test } from "vitest";
import {
  Conversation,
  defaultSettings,
  loadModelFolder,
  openEngineProcess,
  openTokenizer,
} from "../src/index.ts";
import { tinyChatModel } from "./cli/tiny-model.ts";
import { scratchFolder } from "./cli/program.ts";

const scratch = scratchFolder();

test("the package's door holds a conversation with a model folder in a few lines", async () => {
  const folder = await loadModelFolder(await tinyChatModel("dense-tiny", scratch));
  const [engine, tokenizer] = await Promise.all([
    openEngineProcess(folder.path, { device: "auto", threads: 1 }),
    openTokenizer(folder),
  ]);
  const settings = { ...defaultSettings(folder.config.blockLength), maxTokens: 8 };
  const conversation = new Conversation({ engine, tokenizer, folder, settings });
  const types: string[] = [];
  for await (const event of conversation.send("Why is the sky blue?")) types.push(event.type);
  await engine.close();
  expect(types.at(-1)).toBe("finished");
  expect(conversation.turns).toHaveLength(1);
});
