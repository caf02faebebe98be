import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { makeWholeFolder, requireSpace, writeError } from "../../src/convert/whole-folder.ts";
import { temporaryFolder } from "./folders.ts";

const run = promisify(execFile);

test("a folder that was filled is there, and nothing beside it", async () => {
  const parent = await temporaryFolder();
  const to = join(parent, "a", "model");
  await makeWholeFolder(to, (folder) => writeFile(join(folder, "file"), "content"));
  expect(await readFile(join(to, "file"), "utf8")).toBe("content");
  expect(await readdir(join(parent, "a"))).toEqual(["model"]);
});

async function stopHalfway(folder: string): Promise<void> {
  await writeFile(join(folder, "file"), "half");
  throw new Error("stopped");
}

test("a folder that was not filled leaves nothing", async () => {
  const parent = await temporaryFolder();
  await expect(makeWholeFolder(join(parent, "model"), stopHalfway)).rejects.toThrow("stopped");
  expect(await readdir(parent)).toEqual([]);
});

test("a folder that exists is not touched", async () => {
  const parent = await temporaryFolder();
  await mkdir(join(parent, "model"));
  const made = makeWholeFolder(join(parent, "model"), () => Promise.reject(new Error("must not run")));
  await expect(made).rejects.toThrow(/model exists already: choose another folder/);
});

test("a folder that appears meanwhile is not touched", async () => {
  const parent = await temporaryFolder();
  const to = join(parent, "model");
  const fill = async () => {
    await mkdir(to);
    await writeFile(join(to, "theirs"), "");
  };
  await expect(makeWholeFolder(to, fill)).rejects.toThrow(/was made by someone else meanwhile/);
  expect(await readdir(parent)).toEqual(["model"]);
  expect(await readdir(to)).toEqual(["theirs"]);
});

test("a place that is no folder is named", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const made = makeWholeFolder(join(file, "model"), () => Promise.resolve());
  await expect(made).rejects.toThrow(/Can't write .*model: .*Choose a folder that you may write to/);
});

test("a disk without room for the folder is refused before anything is written", async () => {
  const to = join(await temporaryFolder(), "not", "there", "model");
  await expect(requireSpace(to, 1e18)).rejects.toThrow(
    /disk is full: .*1000000000.0 GB are needed and .* free/,
  );
  await expect(requireSpace(to, 1)).resolves.toBeUndefined();
});

test("a full disk and a used-up quota are the user's errors, a defect is not", () => {
  for (const code of ["ENOSPC", "EDQUOT"]) {
    const error = writeError("/models/a", Object.assign(new Error("write failed"), { code }));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/The disk is full: \/models\/a can't be written/);
  }
  const defect = new TypeError("x is undefined");
  expect(writeError("/models/a", defect)).toBe(defect);
});

const source = join(import.meta.dirname, "../../src");
// A disk of 64 KiB in a namespace of its own, where the system lets an ordinary user have one.
const onSmallDisk = ["-rm", "sh", "-c", 'mount -t tmpfs -o size=64k small "$0" && exec "$@"'];

test("a disk that fills up while writing leaves nothing", async ({ skip }) => {
  const disk = await temporaryFolder();
  const can = await run("unshare", [...onSmallDisk, disk, "true"]).catch(() => undefined);
  if (!can) skip("needs a mount namespace");
  const script = `
    import { readdirSync, writeFileSync } from "node:fs";
    import { makeWholeFolder } from ${JSON.stringify(join(source, "convert/whole-folder.ts"))};
    const fill = (folder) => writeFileSync(folder + "/file", new Uint8Array(1_000_000));
    const message = await makeWholeFolder(${JSON.stringify(join(disk, "model"))}, fill).catch((error) => error.message);
    console.log(JSON.stringify({ message, left: readdirSync(${JSON.stringify(disk)}) }));`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const { stdout } = await run("unshare", [...onSmallDisk, disk, ...node]);
  const { message, left } = JSON.parse(stdout);
  expect(message).toMatch(/^The disk is full: .*model can't be written/);
  expect(left).toEqual([]);
});
