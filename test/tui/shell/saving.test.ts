import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../model/folders.ts";
import { enter, openShell, plain } from "./shells.ts";

test("/save of a file that is there is refused, and can be given another name", async () => {
  const file = path.join(await temporaryFolder(), "a b.md");
  await writeFile(file, "mine");
  const { shell, conversation } = await openShell(4);
  for await (const _ of conversation.send("Hello"));
  shell.input(`/save "${file}"`, plain);
  shell.input("", enter);
  await expect.poll(() => shell.state.notice?.text).toContain(`${file} is already there`);
  expect(shell.state.editor.text).toBe(`/save ${file}`);
});
