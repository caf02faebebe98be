import { expect, test, vi } from "vitest";
import { enter, openShell, plain } from "./shells.ts";

/** Sends a message in a chat of its own; its working directory is this package's. */
async function sent(text: string) {
  const { shell, conversation } = await openShell(4);
  shell.input(text, plain);
  shell.input("", enter);
  await vi.waitUntil(() => shell.state.queue.length === 0 && shell.state.answer?.running !== true, {
    timeout: 20_000,
  });
  return { said: shell.state.notice?.text, asked: conversation.turns.map(({ user }) => user) };
}

test("a file that is called by a word goes with the message", async () => {
  const { asked } = await sent("Which one is @LICENSE?");
  expect(asked).toEqual([
    expect.stringMatching(/^Which one is @LICENSE\?\n\nLICENSE:\n```\n\s+Apache License/),
  ]);
});

test("a folder that is called by a word is refused as other folders are", async () => {
  const { said, asked } = await sent("ask @src");
  expect(said).toBe("src is a folder: name a file in it. Write \\@ where no file is meant.");
  expect(asked).toEqual([]);
});

test("a word that names nothing is text, and so is one behind a backslash", async () => {
  const { said, asked } = await sent("@alice, is it \\@LICENSE?");
  expect(said).toBeUndefined();
  expect(asked).toEqual(["@alice, is it @LICENSE?"]);
});
