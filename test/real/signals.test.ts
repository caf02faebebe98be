import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { cursorIsShown, keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const prompt = /shell:\s*$/;
const decoding = /^block \d+/m;

/** Process id of the shell's only job. */
async function jobOf({ child: { pid } }: PseudoTerminal): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

/** A shell with the program as its job, which waits for a message. */
async function startedInShell(...flags: readonly string[]): Promise<PseudoTerminal> {
  const argv = [process.execPath, program, "--model", model, ...flags];
  const terminal = new PseudoTerminal("bash", ["--norc", "--noprofile", "-i"], {
    env: { ...ownFolders(), COLORTERM: "", PS1: "shell: " },
  });
  closeAfterTest(terminal);
  await terminal.until(prompt);
  await terminal.press(`'${argv.join("' '")}'`, keys.enter);
  await terminal.until(/^> /m);
  return terminal;
}

describe.skipIf(!built)("a job of a shell", () => {
  test("stopped in mid-answer by key or from outside it gives the terminal back, and goes on with fg", async () => {
    const terminal = await startedInShell("--max-tokens", "400", "--view", "live");
    await terminal.press("Write a very long story about the sea.", keys.enter);
    await terminal.until(decoding);
    const job = await jobOf(terminal);
    const stops = [
      () => terminal.press("\u001A"),
      () => process.kill(job, "SIGTSTP"),
      () => process.kill(job, "SIGSTOP"),
    ];
    for (const [index, stop] of stops.entries()) {
      await stop();
      await terminal.until(/Stopped[^]*shell:\s*$/);
      // What stops a process unasked leaves it no time to show the cursor.
      expect(cursorIsShown(terminal.raw) || index === 2).toBe(true);
      await terminal.press(" stty -a | grep -o ' -*icanon'", keys.enter);
      await terminal.until(/^ icanon$/m);
      await terminal.press(" clear; fg", keys.enter);
      await terminal.until(decoding);
      await terminal.press(`typed ${index} `);
      await terminal.until(new RegExp(`^> .*typed ${index}`, "m"));
    }
    await terminal.press(keys.escape);
    await terminal.until((window) => !/^(?:block|stopping)/m.test(window));
    expect(terminal.window().join("\n")).not.toContain("░");
  });

  test("a window that was made narrower while it was stopped is drawn in at its new width", async () => {
    const terminal = await startedInShell();
    await terminal.press("\u001A");
    await terminal.until(/Stopped[^]*shell:\s*$/);
    await terminal.resize(40, 24);
    await terminal.press(" clear; fg", keys.enter);
    await terminal.until(/^> /m);
    await terminal.press("these words are more than fit into one row of forty");
    await terminal.until(/^> these words are more than fit into$/m);
    await terminal.until(/^ {2}one row of forty$/m);
    expect(terminal.window().every((row) => row.length <= 40)).toBe(true);
  });
});
