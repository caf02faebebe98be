import { expect, test } from "vitest";
import { decodingKnobs } from "../../src/engine/index.ts";
import { UserError } from "../../src/errors.ts";
import { isCommand, runCommand } from "../../src/tui/commands/run.ts";
import { commands } from "../../src/tui/commands/table.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { paint } from "../../src/tui/paint/paint.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { answering, eventsOf, openChat, tokensOf } from "./answers.ts";

const idle = openChat(tokensOf([]));
const script = { texts: ["a", "b", "c", "d", "e"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = idle] = answering(script).slice(3);

/** What the last note on the page says. */
function noted({ page }: ChatState): string {
  const last = page.at(-1);
  return last?.kind === "note"
    ? last.lines.map(({ lead, text }) => rowText([...lead, ...text])).join("\n")
    : "";
}

const typed = (text: string): ChatState => ({ ...idle, editor: edit(idle.editor, { type: "insert", text }) });

test("a command is a slash and a word; a path is a message", () => {
  expect(isCommand("/help")).toBe(true);
  expect(isCommand("/set threshold 0.8")).toBe(true);
  expect(isCommand("/usr/bin/env is what?")).toBe(false);
  expect(isCommand("what is /help?")).toBe(false);
});

test("/help lists every command", () => {
  const help = noted(runCommand(idle, "/help").state);
  for (const each of commands) {
    expect(help).toContain(`/${each.name}`);
    expect(help).toContain(each.help);
  }
});

test("/set alone lists every knob with its value and range", () => {
  const list = noted(runCommand(idle, "/set").state);
  for (const knob of decodingKnobs) expect(list).toContain(knob.name);
  expect(list).toMatch(/threshold +0\.9 .*0\.\.1/);
});

test("/set turns a knob and says from when it counts", () => {
  const { state, effects } = runCommand(decoding, "/set threshold 0.75");
  expect(effects).toEqual([{ type: "adjust", change: { threshold: 0.75 } }]);
  expect(state.settings.threshold).toBe(0.75);
  expect(state.notice?.text).toBe("threshold 0.75 from the next step");
  expect(runCommand(decoding, "/set block-length 8").state.notice?.text).toContain("from the next block");
});

test("/set says where a knob has no effect now, and with what it counts", () => {
  const speculating = { ...idle, settings: { ...idle.settings, strategy: "self_speculative" as const } };
  const said = (line: string) => runCommand(speculating, line).state.notice;
  expect(said("/set threshold 0.8")).toMatchObject({
    text: "threshold 0.8: no effect with self_speculative; it counts with low_confidence_dynamic",
    style: "warning",
  });
  expect(said("/set draft-threshold 0.5")).toMatchObject({ text: "draft-threshold 0.5", style: "dim" });
  expect(said("/set seed 5")?.text).toBe("seed 5: no effect at temperature 0");
  expect(said("/set auto-blocks any")?.text).toBe("auto-blocks any: no effect while the dial is off");
});

test("/set knows short names", () => {
  expect(runCommand(idle, "/set block 8").effects).toEqual([{ type: "adjust", change: { blockLength: 8 } }]);
  expect(runCommand(idle, "/set strategy=static").effects).toEqual([
    { type: "adjust", change: { strategy: "low_confidence_static" } },
  ]);
  expect(runCommand(idle, "/set steps block_length").effects).toEqual([]);
});

test.for([
  ["/set threshold 2", /threshold must be a number, 0\.\.1/],
  ["/set thresold 0.5", /no setting "thresold"/],
  ["/set threshold", /Say a value too/],
  ["/set view 5", /^view is no setting but a command: \/view 5$/],
  ["/set heat", /^heat is no setting but a command: \/heat$/],
  ["/set set 5", /no setting "set"/],
  ["/doubt fast", /The dial is \/set doubt fast\.$/],
  ["/sve x.md", /no command \/sve\. Did you mean \/save\?/],
  ["/xyzzy", /no command \/xyzzy\. \/help lists them/],
  ["/h", /\/h may be \/help, \/heat\. Type more/],
  ["/save", /Say where to/],
  ["/save notes.txt", /ends in \.md/],
] as const)("%s is answered by a sentence, and stays in the prompt", ([line, sentence]) => {
  const { state, effects } = runCommand(typed(line), line);
  expect(effects).toEqual([]);
  expect(state.notice?.text).toMatch(sentence);
  expect(state.notice?.style).toBe("error");
  expect(state.editor.text).toBe(line);
});

test("/system alone shows the present one, during an answer when that is complete", () => {
  expect(noted(runCommand({ ...idle, system: "Be brief." }, "/system").state)).toBe("Be brief.");
  expect(noted(runCommand(idle, "/system").state)).toBe("There is no system prompt.");
  expect(runCommand(decoding, "/system").state.notice?.text).toBe("Shown when the answer is complete.");
});

test("a command that was understood leaves the prompt empty", () => {
  expect(runCommand(typed("/stats"), "/stats").state.editor.text).toBe("");
});

test("/new and /system start over, but not in the middle of an answer", () => {
  expect(runCommand(idle, "/new").effects).toEqual([{ type: "newChat", system: undefined }]);
  const { state, effects } = runCommand(idle, "/system Answer in French.");
  expect(effects).toEqual([{ type: "newChat", system: "Answer in French." }]);
  expect(runCommand(state, "/new").effects).toEqual([{ type: "newChat", system: "Answer in French." }]);
  const without = runCommand(state, "/system none");
  expect(without.effects).toEqual([{ type: "newChat", system: undefined }]);
  expect(without.state.system).toBeUndefined();
  expect(runCommand(decoding, "/new").effects).toEqual([]);
  expect(runCommand(decoding, "/new").state.notice?.text).toContain("Press Esc");
});

test("/save hands the file's name on, and its outcome is told", () => {
  expect(runCommand(idle, "/save my chat.md").effects).toEqual([{ type: "save", path: "my chat.md" }]);
  expect(runCommand(idle, '/save "my chat.md"').effects).toEqual([{ type: "save", path: "my chat.md" }]);
  const told = happen(idle, { type: "said", text: "Saved as /x.md.", good: true }, 1).state;
  expect(told.notice).toMatchObject({ text: "Saved as /x.md.", style: "dim" });
});

test("a /save that is refused comes back to the prompt, unless something else is typed", () => {
  const problem = new UserError("file", "x.md is already there.");
  const refused = (state: ChatState) => happen(state, { type: "unsaved", path: "x.md", problem }, 1).state;
  expect(refused(idle)).toMatchObject({ notice: { text: problem.message }, editor: { text: "/save x.md" } });
  expect(refused(typed("and")).editor.text).toBe("and");
  expect(refused({ ...idle, popups: false }).editor.text).toBe("");
});

test("/stats names each rate of the last answer", () => {
  const [finished = idle] = answering(script).slice(-1);
  const stats = noted(runCommand(finished, "/stats").state);
  expect(stats).toMatch(/last answer +6 tokens in 0\.0 s/);
  expect(stats).toMatch(/tokens a pass +1\.00 \(6 passes/);
  expect(stats).toMatch(
    /tokens a second +[\d.]+ \(kept[^]*passes a second +[\d.]+\nfirst text after +0\.00 s/,
  );
  expect(stats).toMatch(
    /prompt +10 tokens, 0 of them \(0\.0%\) still in the cache\ncontext +0 of 1000 tokens/,
  );
  expect(noted(runCommand(idle, "/stats").state)).toContain("none yet");
});

test("after an answer of which nothing came /stats tells of the one before, and the context is not empty", () => {
  const reply = { content: "abcde", ids: [2], borders: [], end: "stop", settings: idle.settings } as const;
  const turns = [{ user: "hello", promptIds: [1], reply, events: eventsOf(script) }];
  const context = { tokens: 250, limit: 1000 };
  const chat = openChat(tokensOf(script.texts), { turns, context });
  const asked = submit(chat, "and now?").state;
  const rows = paint(asked, { columns: 80, rows: 24 }, unicodeGlyphs).rows.map(rowText);
  expect(rows.at(-1)).toContain("ctx 25%");
  const problem = new UserError("engine", "The engine was ended.");
  const failed = happen(asked, { type: "ended", text: "and now?", problem }, 1).state;
  expect(noted(runCommand(failed, "/stats").state)).toMatch(
    /last answer +6 tokens in 0\.0 s\n[^]*context +250 of/,
  );
});

test("on a narrow screen a long name of a strategy goes to a row of its own, whole", () => {
  const { state } = runCommand(idle, "/set");
  const rows = nextFrame(state, { columns: 40, rows: 24 }, unicodeGlyphs).lines.map(rowText);
  const at = rows.indexOf("strategy");
  expect(rows.slice(at, at + 3)).toEqual([
    "strategy",
    "low_confidence_dynamic",
    "  how the positions to unmask are",
  ]);
});
