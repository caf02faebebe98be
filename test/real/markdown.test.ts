import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rowText } from "../../src/tui/text/row.ts";
import { read } from "../tui/markdown/markdowns.ts";
import { type FakeScreen, keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const question = "Write a Python function that computes the factorial of n.";
const idle = (window: string) => /B\d+.*ctx/.test(window) && !/^(?:block|reading|loading)/m.test(window);

/** A chat in which the question has been answered, and the answer as it was saved. */
async function answered(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folders = ownFolders();
  const all = [program, "--model", model, "--doubt", "off", "--max-tokens", "160", ...argv];
  const terminal = new PseudoTerminal(process.execPath, all, {
    rows: 40,
    env: { ...folders, COLORTERM: "", ...env },
  });
  closeAfterTest(terminal);
  await terminal.until(idle);
  await terminal.press(question, keys.enter);
  await terminal.until(/^block/m);
  await terminal.until(idle, 60_000);
  const file = join(folders["HOME"] ?? "", "chat.md");
  await terminal.press(`/save ${file}`, keys.enter);
  await terminal.until(/Saved as/);
  const saved =
    readFileSync(file, "utf8")
      .split(/^## .*$/m)
      .at(-1) ?? "";
  return { terminal, answer: saved.replace(/\*\([^*]+\)\*\s*$/, "").trim() };
}

/** What stands on the page from the question to the prompt. */
function pageOf(terminal: FakeScreen): string[] {
  const rows = terminal.page().split("\n");
  const start = rows.findIndex((row) => row.startsWith("> Write")) + 1;
  return rows.slice(start).map((row) => row.trimEnd());
}

describe.skipIf(!built)("the program reads Markdown", () => {
  test("an answer with code stands on the page as it reads: code whole, its fences as rules", async () => {
    const { terminal, answer } = await answered([]);
    expect(answer).toContain("```");
    const rows = read(answer, 78).map((row) => rowText(row).trimEnd());
    expect(pageOf(terminal).slice(0, rows.length)).toEqual(rows);
    expect(rows.some((row) => row.startsWith("───"))).toBe(true);
    expect(terminal.page()).not.toContain("```");
    expect(terminal.raw).not.toContain("\u001B[2J");
  });

  test("--plain shows the text as it comes", async () => {
    const { terminal, answer } = await answered(["--plain"]);
    const page = terminal.page().replaceAll(/\s/g, "");
    expect(page).toContain(answer.replaceAll(/\s/g, ""));
  });

  test("without colour the forms stay and no code is painted", async () => {
    const { terminal } = await answered([], { NO_COLOR: "1" });
    expect(terminal.page()).toContain("───");
    expect(terminal.raw).not.toMatch(/\[(?:\d+;)*(?:3|9)\d[;m]/);
    expect(terminal.raw).not.toContain("\u001B]8;");
  });
});
