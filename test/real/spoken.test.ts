import { describe, expect, test } from "vitest";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

function openChat(env: Readonly<Record<string, string>> = {}, ...argv: string[]): PseudoTerminal {
  const all = [program, "--model", model, ...argv];
  return closeAfterTest(new PseudoTerminal(process.execPath, all, { env: { ...ownFolders(), ...env } }));
}

const ready = (window: string) => /^You:\s*$/.test(window.trimEnd().split("\n").at(-1) ?? "");

async function send(terminal: PseudoTerminal, line: string): Promise<void> {
  await terminal.until(ready);
  await terminal.press(line, keys.enter);
}

/** Lines as they went out. */
const linesOf = ({ raw }: PseudoTerminal) => raw.split("\r\n");

describe.skipIf(!built)("with a screen reader", () => {
  test("an answer comes in whole paragraphs, each once, and nothing on the terminal ever moves", async () => {
    const terminal = openChat({}, "--screen-reader", "--max-tokens", "90");
    await send(terminal, "Write three short paragraphs about the sea.");
    await terminal.until(/^Model: /m);
    await terminal.until(ready);
    // No control sequence, no carriage return but a line's end, no backspace.
    expect(terminal.raw.replaceAll("\r\n", "\n")).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F]/); // oxlint-disable-line no-control-regex
    const lines = linesOf(terminal);
    const answer = lines.slice(lines.indexOf("answering") + 1, -1);
    expect(answer[0]).toMatch(/^Model: \w/);
    expect(answer.every((line) => line.trim() !== "")).toBe(true);
    expect(new Set(answer).size).toBe(answer.length);
    expect(lines.filter((line) => line === "answering")).toHaveLength(1);
    expect(terminal.raw).not.toMatch(/tok\/s|passes|ctx/);
  });

  test("Esc stops an answer and Ctrl-C does, which is said", async () => {
    const terminal = openChat({ ACCESSIBLE: "1" });
    for (const key of [keys.escape, keys.ctrlC]) {
      await send(terminal, "Write a very long story about the sea.");
      await terminal.until(/^answering$/m);
      await terminal.press(key);
      await terminal.until(ready);
    }
    expect(linesOf(terminal).filter((line) => line === "stopped")).toHaveLength(2);
    await terminal.press(keys.ctrlC);
    await terminal.until(/^Ctrl-C again to leave\.$/m);
    await terminal.press(keys.ctrlC);
    expect(await terminal.exit).toBe(0);
  });

  test("commands answer in lines: knobs, statistics, doubt in words, a replay", async () => {
    const terminal = openChat({ INK_SCREEN_READER: "true" }, "--doubt", "off", "--max-tokens", "12");
    await send(terminal, "What is the capital of France?");
    await terminal.until(/^Model: /m);
    await send(terminal, "/set threshold 0.8");
    await terminal.until(/threshold.* 0\.8/);
    await send(terminal, "/stats");
    await terminal.until(/^tokens a second +\d/m);
    await send(terminal, "/doubt");
    await terminal.until(/^\d+ of \d+ words? uncertain/m);
    await send(terminal, "/replay");
    await terminal.until(/^block 1: step 1 ".*" \d+%/m);
    await send(terminal, "/again");
    await terminal.until(
      /^Again, with threshold 0\.8 \(was 0\.9\)\.\nYou: What is the capital of France\?\nanswering$/m,
    );
    await terminal.until(ready);
    expect(terminal.page().match(/^You: What is the capital of France\?$/gm)).toHaveLength(2);
    expect(terminal.raw).not.toContain("\u001B");
  });

  test("a command that is refused is not in the way of the next, and Up brings it back", async () => {
    const terminal = openChat({}, "--screen-reader");
    await send(terminal, "/inspect");
    await terminal.until(/^There is no block yet/m);
    await send(terminal, "/set treshold 1");
    await terminal.until(/Did you mean threshold\?$/m);
    await terminal.until(ready);
    await terminal.press(keys.up);
    await terminal.until(/^You: \/set treshold 1$(?![^]*Did you mean)/m);
    expect(terminal.raw).not.toContain("\u001B");
  });

  test("Ctrl-Z gives the terminal back, and fg goes on with what was typed, once", async () => {
    const argv = ["--norc", "-i"];
    const env = { ...ownFolders(), PS1: "$ ", NODE: process.execPath, CHAT: program, MODEL: model };
    const terminal = closeAfterTest(new PseudoTerminal("bash", argv, { env }));
    await terminal.press('"$NODE" "$CHAT" --screen-reader --model "$MODEL"', keys.enter);
    await terminal.until(ready);
    await terminal.press("half", "\u001A");
    await terminal.until(/Stopped[^]*^\$ $/m);
    await terminal.press("fg", keys.enter);
    await terminal.until(/^You: half$(?![^]*Stopped)/m);
    expect(terminal.page().match(/You: half/g)).toHaveLength(2);
    await terminal.press("\u0015", keys.ctrlD);
    await terminal.until(/^\$ $/m);
  });

  test("what is typed while an answer comes stays, and is sent after it", async () => {
    const terminal = openChat({}, "--screen-reader", "--max-tokens", "60");
    await send(terminal, "Tell me three facts about the sea.");
    await terminal.until(/^answering$/m);
    await terminal.press("And two abaut", "\u007F\u007F\u007F\u007F", "bout rivers?", keys.enter);
    await terminal.until(/^queued$/m);
    await terminal.until(ready);
    await terminal.until((window) => (window.match(/^answering$/gm) ?? []).length > 1);
    await terminal.until(ready);
    expect(terminal.page().match(/^You: And two about rivers\?$/gm)).toHaveLength(1);
    expect(terminal.page().match(/^Model: /gm)).toHaveLength(2);
  });
});
