import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Keyboard } from "../../src/tui/shell/keyboard.ts";

const begin = "\u001B[200~";
const end = "\u001B[201~";

/** What a reader of the keyboard gets of these chunks, each typed when the one before has been read. */
async function readOf(...chunks: readonly string[]): Promise<string[]> {
  const input = new PassThrough();
  const keyboard = new Keyboard(input, () => {});
  const read: string[] = [];
  keyboard.on("readable", () => {
    for (let chunk: string | null; (chunk = keyboard.read()) !== null;) read.push(chunk);
  });
  keyboard.ref();
  for (const chunk of chunks) {
    input.write(chunk);
    await turn();
    await turn();
  }
  keyboard.unref();
  return read;
}

test("keys come as they are typed, a paste when it is whole", async () => {
  expect(await readOf("a", "\u001B[A")).toEqual(["a", "\u001B[A"]);
  expect(await readOf(`${begin}one `, "two", ` three${end}`)).toEqual([`${begin}one two three${end}`]);
  expect((await readOf(`x${begin}y${end}z`)).join("")).toBe(`x${begin}y${end}z`);
});

test("the end of a paste may come in parts", async () => {
  expect(await readOf(`${begin}text`, end.slice(0, 3), end.slice(3))).toEqual([`${begin}text${end}`]);
});

test("Ctrl-C ends a paste whose end never comes, and what came of it is not lost", async () => {
  const read = await readOf(`${begin}half a `, "paste", "\u0003", "k", "\u0003");
  expect(read).toEqual([`${begin}half a paste${end}`, "k", "\u0003"]);
});

test.for(["\u001B[99;5u", "\u001B[99;133u", "\u001B[99::99;5u", "\u001B[1089::99;5u"])(
  "so does Ctrl-C as kitty's protocol sends it, with Num Lock on or in another layout: %j",
  async (ctrlC) => {
    expect(await readOf(`${begin}half`, ctrlC, "k")).toEqual([`${begin}half${end}`, "k"]);
  },
);

test("no other key ends a paste", async () => {
  for (const key of ["\u001B[99;6u", "\u001B[99;3u", "\u001B[106::99;5u", "\u001B[99;5ux"])
    expect(await readOf(`${begin}a`, key, end)).toEqual([`${begin}a${key}${end}`]);
});

test.for([
  ["Ctrl-C, Cyrillic", "\u001B[1089::99;5u", "\u001B[99;5u"],
  ["Alt-Shift-F, Cyrillic", "\u001B[1072:1040:102;4u", "\u001B[102;4u"],
  ["two at once, Hebrew and Greek", "\u001B[1490::100;5u\u001B[964::116;5u", "\u001B[100;5u\u001B[116;5u"],
] as const)("a key with Ctrl or Alt has its Latin letter in any layout: %s", async ([, sent, read]) => {
  expect(await readOf(sent)).toEqual([read]);
});

test.for([
  ["a letter of a Latin layout that is elsewhere", "\u001B[106::99;5u"],
  ["a Latin letter where a sign is", "\u001B[252::91;5u"],
  ["a letter without Ctrl and Alt", "\u001B[1089:1057:99;2u"],
  ["Shift-Enter", "\u001B[13;2u"],
] as const)("other keys are as they were sent: %s", async ([, sent]) => {
  expect(await readOf(sent)).toEqual([sent]);
});

test("a control character inside a paste does not end it", async () => {
  expect(await readOf(`${begin}a`, "b\u0003c", end)).toEqual([`${begin}ab\u0003c${end}`]);
});

test("of a paste without measure no more is kept than is refused", async () => {
  const chunks = Array.from({ length: 30 }, () => "x".repeat(100_000));
  const [paste = ""] = await readOf(begin, ...chunks, end);
  expect(paste.length).toBeGreaterThan(1_000_000);
  expect(paste.length).toBeLessThan(2_300_000);
  expect(paste.endsWith(end)).toBe(true);
});

test("while nobody listens nothing is read: the keys are another program's", async () => {
  const input = new PassThrough();
  const keyboard = new Keyboard(input, () => {});
  keyboard.ref();
  keyboard.unref();
  input.write("secret");
  await turn();
  expect(keyboard.read()).toBeNull();
  expect(String(input.read())).toBe("secret");
});
