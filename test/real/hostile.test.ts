import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newTranscript } from "../../src/chat/saving.ts";
import { defaultSettings, type EngineEvent } from "../../src/engine/index.ts";
import { loadModelFolder, openTokenizer } from "../../src/model/index.ts";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const settings = { ...defaultSettings(8), strategy: "sequential" } as const;

/** What would erase, move, set a title, ring, answer, reorder or switch character sets, were it let through. */
const sequences =
  "Begin\u001B[2J\u001B[H\u001B[10A\u001B]0;owned\u0007\u001B]52;c;b3duZWQ=\u0007\r\u0008\u0007 " +
  "\u009B31m\u001BP$q\u001B\\\u001Bc\u001B(0\u000E \u202Edesrever\u202C \u2066isolated\u2069 \u001B[?1049h\u001B[6n End";

const longest = "x".repeat(100_000);

/** Every character that is an emoji by itself, and some of those that are made of several. */
const emoji = Array.from({ length: 0x1_f_bff - 0x203c }, (_, index) => String.fromCodePoint(0x203c + index))
  .filter((character) => /^(?!\p{Emoji_Component})\p{Emoji_Presentation}$/u.test(character))
  .concat(["👩‍👩‍👧‍👦", "🏳️‍🌈", "❤️", "1️⃣", "👍🏽", "🇩🇪", "🧑🏿‍🚀"])
  .join(" ");

/** What an engine says that decodes these ids a token a step. */
function decoded(promptTokens: number, ids: readonly number[]): EngineEvent[] {
  const events: EngineEvent[] = [{ type: "prefilled", promptTokens, reusedTokens: 0, milliseconds: 1 }];
  for (let first = 0; first < ids.length; first += 8) {
    const wanted = ids.slice(first, first + 8);
    const [block, start] = [first / 8, promptTokens + first];
    events.push({ type: "block_opened", block, start, ids: wanted.map(() => 0), settings });
    for (let step = 0; step < wanted.length; step++) {
      const slots = wanted.slice(step).map((token, index) => ({
        position: start + step + index,
        token,
        confidence: 0.5,
        runnersUp: [],
        unmasked: index === 0,
      }));
      events.push({ type: "denoised", block, step, slots, settings, rows: 8, milliseconds: 1, elapsed: 1 });
    }
    events.push({ type: "block_finished", block, start, ids: wanted });
  }
  return events;
}

/** Saves a conversation in which the model gave this answer, as the program would have. */
async function saveAnswer(directory: string, text: string): Promise<void> {
  const folder = await loadModelFolder(model);
  const tokenizer = await openTokenizer(folder);
  const ids = tokenizer.encodeChat({ guarded: text });
  expect(tokenizer.decode(ids)).toBe(text);
  const machine = { device: "cpu", deviceReason: "", threads: 1, loadMilliseconds: 1 } as const;
  const info = { model: folder.config, ...machine };
  const save = { directory, program: { version: "0" }, onTrouble: expect.unreachable };
  const { recorder } = newTranscript(save, { folder, info, system: undefined }, []);
  const promptIds = [1, 2, 3];
  recorder.asked({ user: "Do your worst." }, { ids: promptIds, borders: [] }, settings, settings);
  const events = decoded(promptIds.length, ids);
  for (const event of events) recorder.event(event);
  const reply = { content: text, ids, borders: [], end: "stop", settings } as const;
  recorder.ended({ user: "Do your worst.", promptIds, reply, events }, undefined);
  recorder.close();
}

/** Rows that the terminal had to break. */
const wrappedRows = ({ terminal: { buffer } }: PseudoTerminal) =>
  Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row))
    .filter((line) => line?.isWrapped)
    .map((line) => line?.translateToString(true));

/** The chat that goes on with such a conversation, once all of it is on the page. */
async function continued(text: string): Promise<PseudoTerminal> {
  const folders = ownFolders();
  await saveAnswer(join(folders["XDG_DATA_HOME"] ?? "", "sdar-chat", "transcripts"), text);
  const argv = [program, "--model", model, "--doubt", "off", "--continue"];
  const env = { ...folders, COLORTERM: "" };
  const terminal = closeAfterTest(new PseudoTerminal(process.execPath, argv, { env }));
  await terminal.until((window) => /^> message, or/m.test(window) && !/^loading/m.test(window));
  return terminal;
}

describe.skipIf(!built)("text of a model that means harm", () => {
  test("moves no cursor, sets no title and breaks no row, on the page and in its replay", async () => {
    const terminal = await continued(`${sequences}\n\n${emoji}`);
    const heard: string[] = [];
    terminal.terminal.onTitleChange((title) => heard.push(title));
    terminal.terminal.onBell(() => heard.push("bell"));
    const page = terminal.page();
    expect(page).toContain("Begin[2J[H[10A]0;owned]52;c;b3duZWQ= 31m");
    expect(page).toContain(" desrever isolated [?1049h[6n\nEnd\n");
    expect(page.replaceAll(/\s/g, "")).toContain(emoji.replaceAll(" ", ""));
    await terminal.press(keys.ctrlO);
    await terminal.until(/^replay [^]*step (\d+) of \1 [^]*esc back/m);
    await terminal.press("g", "]", "]", "m", "h");
    await terminal.until(/^replay [^]*block 3 of[^]*esc back/m);
    expect(terminal.window()[0]).toMatch(/^replay /);
    expect(terminal.window()[22]).toContain("esc back");
    await terminal.press("q");
    await terminal.until(/^> message, or[^]*ctx/m);
    expect(terminal.window().filter((row) => /^\S+ .*B\d+.*ctx/.test(row))).toHaveLength(1);
    expect(terminal.page()).toBe(page);
    expect(wrappedRows(terminal)).toEqual([]);
    expect(heard).toEqual([]);
    for (const harm of ["owned\u0007", "\u202E", "\u2066", "\u001Bc", "\u001B(0", "\u000E", "\u001BP"])
      expect(terminal.raw).not.toContain(harm);
  });

  test("a hundred thousand characters without a space come out whole, in rows of the page", async () => {
    const terminal = await continued(longest);
    expect(terminal.page().match(/^x+$/gm)?.join("")).toHaveLength(longest.length);
    expect(wrappedRows(terminal)).toEqual([]);
  });
});
