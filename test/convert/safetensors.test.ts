import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SafetensorsFile } from "../../src/convert/checkpoint/safetensors.ts";
import { floats, temporaryFolder, writeSafetensors } from "./folders.ts";

async function exampleFile(): Promise<string> {
  const path = join(await temporaryFolder(), "model.safetensors");
  await writeSafetensors(path, { a: floats([2, 3], [1, 2, 3, 4, 5, 6]), b: floats([1], [7]) });
  return path;
}

/** The header's text replaced, the rest as it is. */
async function withHeader(edit: (text: string) => string): Promise<string> {
  const path = await exampleFile();
  const file = await readFile(path);
  const length = Number(file.readBigUInt64LE());
  const header = Buffer.from(edit(file.toString("utf8", 8, 8 + length)));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  await writeFile(path, Buffer.concat([size, header, file.subarray(8 + length)]));
  return path;
}

test("tensors are found by name and read in pieces", async () => {
  const file = await SafetensorsFile.open(await exampleFile());
  const entry = file.tensors.get("a");
  expect(entry).toMatchObject({ dtype: "F32", shape: [2, 3], bytes: 24 });
  const piece = entry && (await file.read(entry, 12, 8));
  expect(piece && [...new Float32Array(new Uint8Array(piece).buffer)]).toEqual([4, 5]);
  expect([...file.tensors.keys()]).toEqual(["a", "b"]);
  await file.close();
});

test("a file that ends inside its numbers is cut", async () => {
  const path = await exampleFile();
  await truncate(path, (await readFile(path)).length - 1);
  await expect(SafetensorsFile.open(path)).rejects.toThrow(
    /model.safetensors ends too early .*copy or download/,
  );
});

test("a file that ends inside its header is cut", async () => {
  const path = await exampleFile();
  await truncate(path, 20);
  await expect(SafetensorsFile.open(path)).rejects.toThrow(/ends too early/);
  await truncate(path, 3);
  await expect(SafetensorsFile.open(path)).rejects.toThrow(/ends too early/);
});

test("a file of another kind is damaged", async () => {
  const path = join(await temporaryFolder(), "model.safetensors");
  await writeFile(path, "<!DOCTYPE html><html>not found</html>");
  await expect(SafetensorsFile.open(path)).rejects.toThrow(
    /damaged .*does not begin like a safetensors file/,
  );
});

test.each([
  ["no JSON", (text: string) => text.slice(0, -1)],
  ["no tensor entry", (text: string) => text.replace('"dtype":"F32",', "")],
  ["a negative offset", (text: string) => text.replace("[0,24]", "[-4,20]")],
])("a header with %s is damaged", async (_, edit) => {
  await expect(SafetensorsFile.open(await withHeader(edit))).rejects.toThrow(/header can't be read/);
});

test.each([
  ["another length than its shape's", (text: string) => text.replace("[2,3]", "[2,4]")],
  ["an end before its start", (text: string) => text.replace("[0,24]", "[24,0]")],
])("a tensor with %s is refused by name", async (_, edit) => {
  await expect(SafetensorsFile.open(await withHeader(edit))).rejects.toThrow(/gives a another length/);
});

test("a missing file is named", async () => {
  await expect(SafetensorsFile.open("/nowhere/model.safetensors")).rejects.toThrow(
    /Can't read \/nowhere\/model.safetensors/,
  );
});
