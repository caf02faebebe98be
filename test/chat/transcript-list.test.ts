import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  countTurns,
  findTranscript,
  listTranscripts,
  newestChat,
  unfinishedChat,
} from "../../src/chat/index.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, openTiny, type TinyChat } from "./chats.ts";
import { pathOf, saving } from "./transcripts.ts";

let chat: TinyChat;
let bytes: string;

beforeAll(async () => {
  chat = await openTiny();
  const conversation = chatWith(chat, { save: await saving() });
  await ask(conversation, 'Tell "me"\nabout ☂');
  await ask(conversation, "And now?");
  bytes = await readFile(pathOf(conversation), "utf8");
});

/** A folder of files, each a minute newer than the one before. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = path.join(await temporaryFolder(), "transcripts");
  await mkdir(directory);
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    await writeFile(path.join(directory, name), text);
    await utimes(path.join(directory, name), 0, 1_700_000_000 + 60 * index);
  }
  return directory;
}

/** The conversation as it lies there while its last answer is decoded by process `pid`. */
const open = (pid: number) =>
  bytes.replace(/\{"type":"end"[^\n]*\n$/, "").replaceAll(/"pid":\d+/g, `"pid":${pid}`);

test("conversations are listed newest first, and what is none is left out", async () => {
  const directory = await folderOf({
    "a-1111.jsonl": bytes,
    "b-2222.jsonl": "something else\n",
    "c-3333.jsonl": bytes.slice(0, bytes.indexOf("\n") + 1),
    "d-4444.jsonl": open(1).slice(0, -30),
    "e.txt": bytes,
  });
  const model = chat.folder.config.name;
  const facts = { model, weights: chat.folder.weightsHash, firstWords: 'Tell "me" about ☂' };
  expect(await listTranscripts(directory)).toEqual([
    {
      ...facts,
      id: "d-4444",
      path: path.join(directory, "d-4444.jsonl"),
      changedAt: 1_700_000_180_000,
      isOpen: true,
    },
    {
      ...facts,
      id: "a-1111",
      path: path.join(directory, "a-1111.jsonl"),
      changedAt: 1_700_000_000_000,
      isOpen: false,
    },
  ]);
  expect(await listTranscripts(directory, 1)).toHaveLength(1);
  expect(await listTranscripts(path.join(directory, "nowhere"))).toEqual([]);
});

test("first words that are longer than what is read are cut", async () => {
  const long = bytes.replace(/"user":"[^☂]*/, `"user":"${"so \\n much \\u2602 ".repeat(9000)}`);
  const [listed] = await listTranscripts(await folderOf({ "a.jsonl": long }));
  expect(listed?.firstWords).toMatch(/^so much ☂ so much ☂ /);
  expect(listed?.firstWords.length).toBeLessThan(201);
});

test("a conversation is found by its path, its id and either end of that", async () => {
  const directory = await folderOf({ "2026-01-aaaa.jsonl": bytes, "2026-02-bbbb.jsonl": bytes });
  const second = path.join(directory, "2026-02-bbbb.jsonl");
  for (const wanted of [second, "2026-02-bbbb", "2026-02", "bbbb"])
    expect(await findTranscript(directory, wanted)).toBe(second);
  await expect(findTranscript(directory, "2026")).rejects.toThrow("2 conversations are called 2026");
  await expect(findTranscript(directory, "cccc")).rejects.toThrow("There is no saved conversation cccc");
});

test("a path may begin with ~/, and a folder that is called as an id is does not hide it", async () => {
  const directory = await folderOf({ "2026-01-aaaa.jsonl": bytes });
  vi.stubEnv("HOME", path.dirname(directory));
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = path.join(directory, "2026-01-aaaa.jsonl");
  expect(await findTranscript("/nowhere", "~/transcripts/2026-01-aaaa.jsonl")).toBe(file);
  await rename(file, path.join(directory, "2026-01-src.jsonl"));
  expect(await findTranscript(directory, "src")).toBe(path.join(directory, "2026-01-src.jsonl"));
});

test("only what is asked for is opened", async () => {
  const directory = await folderOf({ "a-old.jsonl": "", "b-new.jsonl": bytes });
  // Who opens this one waits for ever.
  await rm(path.join(directory, "a-old.jsonl"));
  execFileSync("mkfifo", [path.join(directory, "a-old.jsonl")]);
  await utimes(path.join(directory, "a-old.jsonl"), 0, 0);
  expect(await findTranscript(directory, "new")).toBe(path.join(directory, "b-new.jsonl"));
  expect((await newestChat(directory, chat.folder.weightsHash))?.id).toBe("b-new");
  expect(await listTranscripts(directory, 1)).toHaveLength(1);
});

test("a folder that cannot be read is no empty one", async () => {
  const loop = path.join(await temporaryFolder(), "loop");
  await symlink("loop", loop);
  const lists = [() => listTranscripts(loop), () => newestChat(loop, "x"), () => findTranscript(loop, "x")];
  for (const list of lists)
    await expect(list()).rejects.toMatchObject({
      kind: "file",
      message: expect.stringMatching(/cannot be listed: ELOOP.*Make .*loop readable\.$/),
    });
});

test("only a conversation whose program is gone is unfinished, and only the newest of this model", async () => {
  const { weightsHash } = chat.folder;
  const gone = 2 ** 22 + 1;
  const killed = await folderOf({ "a.jsonl": open(gone), "b.jsonl": bytes.replace(weightsHash, "other") });
  expect((await unfinishedChat(killed, weightsHash))?.id).toBe("a");
  expect((await newestChat(killed, weightsHash))?.id).toBe("a");
  expect(await unfinishedChat(killed, "other")).toBeUndefined();
  const unfinished = async (pid: number) =>
    unfinishedChat(await folderOf({ "a.jsonl": open(pid) }), weightsHash);
  expect(await unfinished(process.ppid)).toBeUndefined();
  // In a container a program may have the number of the one that was killed before it.
  expect((await unfinished(process.pid))?.id).toBe("a");
  const later = await folderOf({ "a.jsonl": open(gone), "b.jsonl": bytes });
  expect(await unfinishedChat(later, weightsHash)).toBeUndefined();
  expect(await newestChat(later, "nobody's")).toBeUndefined();
});

test("an open chat goes on with an earlier conversation, and refuses one of other weights by their names", async () => {
  const { openTranscript } = await import("../../src/chat/index.ts");
  const directory = await folderOf({
    "a.jsonl": bytes,
    "b.jsonl": bytes.replace(chat.folder.weightsHash, "0123456789"),
  });
  const conversation = chatWith(chat, { save: { ...(await saving()), directory }, system: "Be brief." });
  await ask(conversation, "Something else");
  const { turns } = conversation;
  const other = await openTranscript(path.join(directory, "b.jsonl"));
  const mine = chat.folder.weightsHash.slice(0, 8);
  expect(() => conversation.resume(other)).toThrow(
    `was held with dense-tiny (weights 01234567), and this is dense-tiny (weights ${mine})`,
  );
  expect(conversation.turns).toBe(turns);
  conversation.resume(await openTranscript(path.join(directory, "a.jsonl")));
  expect(conversation.turns.map(({ user }) => user)).toEqual(['Tell "me"\nabout ☂', "And now?"]);
  expect(conversation.system).toBeUndefined();
  await ask(conversation, "Go on");
  expect((await openTranscript(path.join(directory, "a.jsonl"))).turns).toHaveLength(3);
});

test("turns are counted without those that were taken back", async () => {
  const conversation = chatWith(chat, { save: await saving() });
  await ask(conversation, '{"type":"ask"}\n{"type":"ask"');
  await ask(conversation, "two");
  expect(await countTurns(pathOf(conversation))).toBe(2);
  conversation.undo();
  expect(await countTurns(pathOf(conversation))).toBe(1);
  await ask(conversation, "three");
  expect(await countTurns(pathOf(conversation))).toBe(2);
});
