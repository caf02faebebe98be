import { expect, test } from "vitest";
import { openShell, plain } from "./shells.ts";

const timeout = 10_000;

test("an edited message that is too long comes back as the one that is edited, and takes its place in the end", async () => {
  const { shell } = await openShell(4);
  const asked = () => shell.state.turns.map(({ user }) => user);
  for (const text of ["one", "two", "three"]) shell.input(`${text}\r`, plain);
  await expect.poll(asked, { timeout }).toEqual(["one", "two", "three"]);
  shell.input("/edit 2\r", plain);
  shell.paste("word ".repeat(20_000));
  shell.input("\r", plain);
  await expect.poll(() => shell.state.answer?.running, { timeout }).toBe(false);
  expect(shell.state.editing).toBe(2);
  expect(shell.state.editor.text).toMatch(/^two.$/);
  expect(asked()).toEqual(["one", "two", "three"]);
  shell.clearPrompt();
  shell.input("2\r", plain);
  await expect.poll(asked, { timeout }).toEqual(["one", "2"]);
});
