import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cleanEnvironment, scratchFolder } from "../../cli/program.ts";
import { tinyChatModel } from "../../cli/tiny-model.ts";
import { writeChecksums } from "../../model/folders.ts";
import { PseudoTerminal } from "../../real/pseudo-terminal.ts";

const home = scratchFolder();
// Without a page nothing is drawn, so that Node runs the sources.
const program = path.join(import.meta.dirname, "../../cli/entry.ts");

test("whatever a model is called, the first line of a chat in lines is a line and no more", async () => {
  const model = await tinyChatModel("carry-tiny", home);
  const config = path.join(model, "config.json");
  const facts: object = JSON.parse(await readFile(config, "utf8"));
  await writeFile(config, JSON.stringify({ ...facts, name: "tiny\u001B]0;title\u0007\nmodel" }));
  await writeChecksums(model);
  const args = [program, "--model", model, "--screen-reader"];
  const chat = new PseudoTerminal(process.execPath, args, { columns: 120, env: cleanEnvironment(home) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  await chat.until(/^You:/m);
  expect(chat.raw).not.toContain("\u001B");
  expect(chat.window()[0]).toMatch(/ {2}tiny\]0;title model( |$)/);
});
