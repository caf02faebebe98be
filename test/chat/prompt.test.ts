import { expect, test } from "vitest";
import type { Turn } from "../../src/chat/index.ts";
import { promptFor } from "../../src/chat/history.ts";
import { openTokenizer, type Tokenizer } from "../../src/model/index.ts";
import { plainTemplate, thinkingTemplate, tiny, tinyConfig, tokenizerFolder } from "../model/folders.ts";
import { shortAnswers } from "./chats.ts";

const open = async (template: string) =>
  openTokenizer({ path: await tokenizerFolder(template), config: tinyConfig });

const ask = (tokenizer: Tokenizer, turns: readonly Turn[], user: string) =>
  promptFor({ system: undefined, turns }, user, tokenizer, 512);

/** A first turn that was answered by these ids. */
function answered(tokenizer: Tokenizer, ids: readonly number[], borders: readonly number[] = []): Turn {
  const { ids: promptIds } = ask(tokenizer, [], "hi");
  const content = tokenizer.decode(ids);
  const reply = { content, ids, borders, end: "stop" as const, settings: shortAnswers };
  return { user: "hi", promptIds, reply, events: [] };
}

/** Ids that no encoder would give: every letter a token of its own. */
const bytewise = (tokenizer: Tokenizer, text: string) =>
  text.split("").flatMap((letter) => tokenizer.encode(letter));

test("a first prompt is the encoded template", async () => {
  const tokenizer = await open(plainTemplate);
  const rendered = tokenizer.renderChat([{ role: "user", content: "hi" }], { addGenerationPrompt: true });
  expect(ask(tokenizer, [], "hi")).toEqual({ ids: tokenizer.encodeChat(rendered), borders: [] });
});

test("a reply's ids are kept as decoded, not encoded again", async () => {
  const tokenizer = await open(plainTemplate);
  const ids = [...bytewise(tokenizer, " the answer"), tiny.end];
  expect(tokenizer.encode(" the answer")).not.toEqual(ids.slice(0, -1));
  const turn = answered(tokenizer, ids);
  const next = ask(tokenizer, [turn], "more");
  const before = [...turn.promptIds, ...ids];
  expect(next.ids.slice(0, before.length)).toEqual(before);
  expect(next.ids.slice(before.length)).toEqual([
    ...tokenizer.encode("\n"),
    tiny.start,
    ...tokenizer.encode("user\nmore"),
    tiny.end,
    ...tokenizer.encode("\n"),
    tiny.start,
    ...tokenizer.encode("assistant\n"),
  ]);
});

test("a reply that was stopped, cut in a character, or ended by another token is closed as the template closes it", async () => {
  const tokenizer = await open(plainTemplate);
  const [half = 0] = tokenizer.encode("é");
  for (const [ids, kept] of [
    [tokenizer.encode(" st"), tokenizer.encode(" st")],
    [
      [...tokenizer.encode(" st"), half],
      [...tokenizer.encode(" st"), half],
    ],
    [[...tokenizer.encode(" st"), tiny.endOfText], tokenizer.encode(" st")],
    [[tiny.end], []],
  ] as const) {
    const turn = answered(tokenizer, ids);
    const next = ask(tokenizer, [turn], "more");
    const before = [...turn.promptIds, ...kept];
    expect(next.ids.slice(0, before.length + 1)).toEqual([...before, tiny.end]);
  }
});

test("special tokens inside a reply stay where they were decoded", async () => {
  const tokenizer = await open(plainTemplate);
  const ids = [...tokenizer.encode("a"), tiny.start, ...tokenizer.encode("b"), tiny.end];
  const turn = answered(tokenizer, ids);
  expect(turn.reply.content).toBe("ab");
  expect(ask(tokenizer, [turn], "more").ids.slice(turn.promptIds.length, turn.promptIds.length + 4)).toEqual(
    ids,
  );
});

test("borders are kept as far as the ids are", async () => {
  const tokenizer = await open(plainTemplate);
  const ids = tokenizer.encode(" one two three");
  const { length } = ask(tokenizer, [], "hi").ids;
  const borders = [4, 8, length + 2, length + 100];
  const turn = answered(tokenizer, ids, borders);
  expect(ask(tokenizer, [turn], "more").borders).toEqual([4, 8, length + 2]);
});

test("a template that takes past thinking out is followed: the prompt before it keeps its ids, the rest is new", async () => {
  const tokenizer = await open(thinkingTemplate);
  const ids = [
    tiny.think,
    ...tokenizer.encode("\nhm\n"),
    tiny.endThink,
    ...tokenizer.encode("\n\n"),
    ...bytewise(tokenizer, "four"),
    tiny.end,
  ];
  const { length } = ask(tokenizer, [], "hi").ids;
  const turn = answered(tokenizer, ids, [4, length, length + 4]);
  const next = ask(tokenizer, [turn], "more");
  const rest = next.ids.slice(length);
  expect(next.ids.slice(0, length)).toEqual(turn.promptIds);
  expect(next.borders).toEqual([4, length]);
  expect(rest.slice(0, rest.indexOf(tiny.end))).toEqual(tokenizer.encode("four"));
  expect(next.ids).not.toContain(tiny.think);
});

test("a reply without thinking is kept under the same template", async () => {
  const tokenizer = await open(thinkingTemplate);
  const turn = answered(tokenizer, [...bytewise(tokenizer, "four"), tiny.end]);
  const before = [...turn.promptIds, ...turn.reply.ids];
  expect(ask(tokenizer, [turn], "more").ids.slice(0, before.length)).toEqual(before);
});

test("a template that renders the beginning anew has everything encoded anew", async () => {
  const tokenizer = await open(`{{ messages | length }}${plainTemplate}`);
  const turn = answered(tokenizer, [...bytewise(tokenizer, "four"), tiny.end], [4]);
  const next = ask(tokenizer, [turn], "more");
  expect(next.borders).toEqual([]);
  expect(tokenizer.decode(next.ids).startsWith("3system")).toBe(true);
});

test("a turn that was never answered is not part of what the model sees", async () => {
  const tokenizer = await open(plainTemplate);
  const turn = answered(tokenizer, []);
  expect(ask(tokenizer, [turn], "more")).toEqual(ask(tokenizer, [], "more"));
});

test("a prompt that leaves no room for an answer is refused in numbers, with what can be done", async () => {
  const tokenizer = await open(plainTemplate);
  const history = { system: undefined, turns: [] };
  const { length } = promptFor(history, "hi", tokenizer, 512).ids;
  expect(promptFor(history, "hi", tokenizer, length + 1).ids).toHaveLength(length);
  expect(() => promptFor(history, "hi", tokenizer, length)).toThrow(
    `The message takes ${length} tokens and the model's context holds ${length}: there is no room for an answer. Shorten it.`,
  );
  const turns = [answered(tokenizer, tokenizer.encode("yes"))];
  expect(() => promptFor({ system: undefined, turns }, "a".repeat(2000), tokenizer, 512)).toThrow(
    /^The conversation with this message takes \d,\d{3} tokens .* Start a new chat, or send a shorter message\.$/,
  );
});

test("a system prompt that is too long is not blamed on the message", async () => {
  const tokenizer = await open(plainTemplate);
  const asked = (system: string) => () => promptFor({ system, turns: [] }, "hi", tokenizer, 512);
  expect(asked("a".repeat(2000))).toThrow(
    /^The system prompt alone takes [\d,]+ tokens and the model's context holds 512: there is no room for a message\. Begin with a shorter one\.$/,
  );
  const system = "word ".repeat(600);
  const { length } = tokenizer.encode(system);
  expect(() => promptFor({ system, turns: [] }, "hi", tokenizer, length + 1)).toThrow(
    /^The message and the system prompt take [\d,]+ tokens .* Shorten one of them\.$/,
  );
});
