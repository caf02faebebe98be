import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { listFolder } from "../../../src/tui/shell/folder.ts";
import { temporaryFolder } from "../../model/folders.ts";

test("a link is listed as what it leads to, and one that leads nowhere is not", async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, "src"));
  await writeFile(path.join(folder, "a.txt"), "");
  await symlink("src", path.join(folder, "linked"));
  await symlink("a.txt", path.join(folder, "same.txt"));
  await symlink("nowhere", path.join(folder, "broken"));
  expect((await listFolder(folder)).names).toEqual(["a.txt", "linked/", "same.txt", "src/"]);
});
