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
