import { mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const shelf = path.join(home, "data", "sdar-chat", "models");
mkdirSync(shelf, { recursive: true });
renameSync(await tinyChatModel("dense-tiny", home), path.join(shelf, "other"));
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");

test("/model lists models, and the chat goes on with another in a process of its own", async () => {
  const args = [program, "--model", model, "--max-tokens", "12"];
  const chat = new PseudoTerminal(process.execPath, args, { env: cleanEnvironment(home) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  const enter = async (line: string, until: RegExp) => {
    await chat.until(
      (window) => /^> message, or/m.test(window) && !/^(?:block|loading|reading)/m.test(window),
    );
    await chat.press(line);
    await chat.until((window) => window.includes(`\n> ${line}\n`));
    await chat.press(keys.enter);
    await chat.until(until);
  };
  await enter("hello", /\d tok\/s/);
  const first = await chat.childOfChild();
  await enter("/model", /^› embedded\s+other\s/m);
  await chat.press("\u0015");
  await enter("/model nothing", /There is no model nothing/);
  expect(await chat.childOfChild()).toBe(first);
  await enter("/model other", /dense-tiny answers from here on\./);
  await enter("/model", /^› embedded\s+other +answers now/m);
  await chat.press("\u0015");
  await enter("/model other", /dense-tiny is the model in use\./);
  await enter("and now", /> and now\s[^]*Cut at the limit/);
  await enter("/quit", /./);
  expect(await chat.exit).toBe(0);
  expect(() => process.kill(first, 0)).toThrow("ESRCH");
});
