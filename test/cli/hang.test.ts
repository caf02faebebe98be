import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");

test("an engine that hangs is ended by Ctrl-C twice, and the next message starts another", async () => {
  const args = [program, "--model", model, "--max-tokens", "20000", "--strategy", "sequential"];
  const chat = new PseudoTerminal(process.execPath, args, { env: cleanEnvironment(home) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  await chat.until((window) => /^> message, or/m.test(window) && !/^loading/m.test(window));
  const engine = await chat.childOfChild();
  // It hangs from the first pass on: a tiny model would be at the end of its answer before it could be stopped.
  process.kill(engine, "SIGSTOP");
  await chat.press("a long story", keys.enter);
  await chat.until(/^reading/m);
  await chat.press(keys.escape);
  await chat.until(/^stopping {2}ctrl-c twice ends the engine/m);
  await chat.press(keys.ctrlC, keys.ctrlC);
  await chat.until(/The engine was ended\. The next message starts it again\./);
  expect(() => process.kill(engine, 0)).toThrow("ESRCH");
  await chat.press("/set max-tokens 8", keys.enter, "go on", keys.enter);
  await chat.until(/> go on\s[^]*Cut at the limit of 8 tokens/);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
});
