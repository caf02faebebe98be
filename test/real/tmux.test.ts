import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { rowText } from "../../src/tui/text/row.ts";
import { read } from "../tui/markdown/markdowns.ts";
import { ownFolders, project } from "./pseudo-terminal.ts";
import { built, model, program } from "./program.ts";

const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
/** A server of its own for every chat: one that is told to end takes another session for a moment still, and dies with it. */
let chats = 0;
const socket = () => `sdar-chat-${process.pid}-${chats}`;
const folder = mkdtempSync(join(tmpdir(), "sdar-chat-"));
const statusRow = /[≥≤][01]\.\d\d\S* {2}B\d+/;
const working = /^(?:block \d|reading|loading|stopping|still working)/m;

function tmux(...argv: readonly string[]): string {
  return execFileSync("tmux", ["-u", "-L", socket(), "-f", join(folder, "tmux.conf"), ...argv], {
    encoding: "utf8",
    cwd: project,
  });
}

const screen = () => tmux("capture-pane", "-p");
/** Everything there is, rows that tmux wrapped joined again. */
const page = () => tmux("capture-pane", "-p", "-J", "-S", "-");

async function until(wanted: (window: string) => boolean, limit = 50_000): Promise<void> {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    if (wanted(screen())) return;
    await delay(50);
  }
  throw new Error(`it never came:\n${screen()}`);
}

async function type(text: string): Promise<void> {
  tmux("send-keys", "-l", text);
  await delay(100);
  tmux("send-keys", "Enter");
}

/** A story is longer than the limit. A window that gets lower hides the block line: that it is not there says nothing. */
const answered = (window: string) => window.includes("Cut at the limit") && statusRow.test(window);

/** A chat in a window of 80 by 24, once it waits for a question. */
async function startChat(): Promise<void> {
  chats += 1;
  writeFileSync(join(folder, "tmux.conf"), "set -g history-limit 5000\nset -g status off\n");
  const variables = Object.entries({ ...ownFolders(), LC_ALL: "C.UTF-8", COLORTERM: "" });
  const environment = ["-u", "CI", "-u", "NO_COLOR", ...variables.map(([name, value]) => `${name}=${value}`)];
  const chat = [process.execPath, program, "--model", model, "--doubt", "off", "--max-tokens", "120"];
  tmux("new-session", "-d", "-x", "80", "-y", "24", "env", ...environment, ...chat);
  await until((window) => statusRow.test(window) && !working.test(window));
}

/** Another terminal than the one of the other tests, with a mind of its own about erasing and resizing. */
describe.skipIf(!built || !hasTmux)("in tmux (skipped where it is not installed)", () => {
  afterEach(() => spawnSync("tmux", ["-L", socket(), "kill-server"]));

  test("a storm of resizes loses no word of the answer and leaves one status row", async () => {
    await startChat();
    await type("Write a story about a fox and a river.");
    await until((window) => /^block \d+/m.test(window));
    for (const [columns, rows] of storm) {
      tmux("resize-window", "-x", String(columns), "-y", String(rows));
      await delay(columns % 3 === 0 ? 700 : 100);
    }
    await until(answered);
    const rows = page().split("\n");
    expect(rows.filter((row) => statusRow.test(row))).toHaveLength(1);
    // A window that gets lower takes the top of the live region with it before the program hears of that: masks, or a
    // block line, may stay behind once.
    expect(rows.filter((row) => /^block \d+/.test(row)).length).toBeLessThan(2);
    expect(missingWords(await savedAnswer(), rows.join("\n"))).toEqual([]);
    await type("/quit");
  });

  test("a window made narrower step by step leaves no row of the live region behind", async () => {
    await startChat();
    await type("Write a story about a fox and a river.");
    await until((window) => /^block \d+/m.test(window));
    for (let columns = 78; columns >= 40; columns -= 2) {
      tmux("resize-window", "-x", String(columns), "-y", "24");
      await delay(90);
    }
    await until(answered);
    const rows = page().split("\n");
    expect(rows.filter((row) => statusRow.test(row) || row.startsWith("─"))).toHaveLength(2);
    // tmux moves rows out at the top while there are blank ones below the prompt: half a row of masks may go with them.
    expect(rows.filter((row) => /░|^block \d+/.test(row)).length).toBeLessThan(2);
    expect(missingWords(await savedAnswer(), rows.join("\n"))).toEqual([]);
    await type("/quit");
  });

  test("what tmux thinks wider than it is moves no row of the live region, and is sent whole", async () => {
    await startChat();
    const wide = "👍🏽".repeat(30);
    tmux("set-buffer", wide);
    tmux("paste-buffer", "-p");
    await until((window) => window.includes("👍🏽"));
    tmux("send-keys", "-l", " and more words than one row has");
    await until((window) => /^ {2}than one row has$/m.test(window));
    const before = screen();
    expect(before).toMatch(/^─+\n> 👍🏽.*\n {2}than one row has\n.*≥0\.30 {2}B\d/m);
    tmux("send-keys", "C-l");
    await delay(300);
    expect(screen()).toBe(before);
    tmux("send-keys", "Enter");
    await until((window) => window.includes("Cut at the limit") || /^Grey/m.test(window));
    expect(page()).toContain(`> ${wide} and more words\n  than one row has\n`);
    await type("/quit");
  });
});

const storm = [
  [60, 24],
  [100, 30],
  [50, 14],
  [64, 20],
  [90, 12],
  [71, 24],
  [80, 24],
] as const;

/** The last answer as the program shows it. */
async function savedAnswer(): Promise<string> {
  const file = join(folder, `chat-${Date.now()}.md`);
  await type(`/save ${file}`);
  await until((window) => window.includes("Saved as"));
  const [last = ""] = readFileSync(file, "utf8")
    .split(/^## .*$/m)
    .slice(-1);
  return read(last.replace(/\*\([^*]+\)\*\s*$/, "").trim(), 78)
    .map(rowText)
    .join("\n");
}

/** Words that the page does not have in this order. */
function missingWords(text: string, shown: string): string[] {
  const words = shown.split(/\s+/);
  let at = 0;
  return text.split(/\s+/).filter((word) => {
    const found = words.indexOf(word, at);
    if (found !== -1) at = found + 1;
    return found === -1;
  });
}
