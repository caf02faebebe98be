import { expect, test } from "vitest";
import { enter, openShell, plain } from "./shells.ts";

test.for([
  ["Ctrl-D", [["d", { ...plain, ctrl: true }]]],
  [
    "/quit",
    [
      ["/quit", plain],
      ["", enter],
    ],
  ],
] as const)("%s sends nothing that was queued, and the answer is kept as far as it got", async ([, keys]) => {
  const { shell, conversation, left } = await openShell(400);
  for (const text of ["one", "two"]) shell.input(`${text}\r`, plain);
  expect(shell.state.queue).toHaveLength(1);
  for (const [text, key] of keys) shell.input(text, key);
  await left;
  expect(shell.state).toMatchObject({ queue: [], leaving: true, editor: { text: "two" } });
  await expect.poll(() => conversation.turns.map(({ user }) => user), { timeout: 10_000 }).toEqual(["one"]);
});
