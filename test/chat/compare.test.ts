import { beforeAll, describe, expect, test } from "vitest";
import { compareAnswers, questionOf, reportOf, sideTyped, type Side } from "../../src/chat/index.ts";
import { ask, chatWith, openTiny, shortAnswers, type TinyChat } from "./chats.ts";

const inOrder = sideTyped("strategy=sequential");
const single = sideTyped("block-length=1,strategy=sequential");

test("a side is now, a stop of the dial or knobs", () => {
  expect(sideTyped("now")).toEqual({ name: "now", change: {} });
  expect(sideTyped("careful")).toEqual({ name: "careful", change: { doubt: "careful" } });
  expect(single.change).toEqual({ blockLength: 1, strategy: "sequential" });
  expect(() => sideTyped("quick")).toThrow(
    '"quick" is no way to decode. There are: now, exact, careful, balanced, fast, off; or knobs, as in block-length=1,threshold=0.8.',
  );
  expect(() => sideTyped("threshold=2")).toThrow("threshold must be a number, 0..1, not 2.");
  expect(() => sideTyped("nothing=2")).toThrow('There is no setting "nothing"');
});

describe.each(["dense-tiny", "carry-tiny"])("with the form of %s", (checkpoint) => {
  let chat: TinyChat;

  beforeAll(async () => {
    chat = await openTiny(checkpoint);
  });

  test("the last message is asked on both sides as it was then, and the conversation stays as it was", async () => {
    const conversation = chatWith(chat);
    await ask(conversation, "Hello");
    await ask(conversation, "And now?");
    const before = [...conversation.turns];
    const question = questionOf(conversation, undefined);
    const { answers, parting } = await compareAnswers(chat, question, [sideTyped("now"), sideTyped("now")]);
    expect(answers.map(({ ids }) => ids)).toEqual([before[1]?.reply.ids, before[1]?.reply.ids]);
    expect(parting).toBeUndefined();
    expect(conversation.turns).toEqual(before);
    expect(reportOf({ question: question.text, answers }).at(-1)?.text).toBe(
      "Both texts are the same, token by token.",
    );
  });

  test("each side has its settings, both find the same of the prompt in the cache", async () => {
    const conversation = chatWith(chat);
    const question = questionOf(conversation, "Hello");
    const heard: [string, number][] = [];
    let side = "";
    const { answers, parting } = await compareAnswers(chat, question, [inOrder, single], {
      onSide: ({ name }) => (side = name),
      onEvent: (event) => event.type === "prefilled" && heard.push([side, event.reusedTokens]),
    });
    expect(answers.map(({ settings }) => [settings.strategy, settings.blockLength])).toEqual([
      ["sequential", 4],
      ["sequential", 1],
    ]);
    expect(heard.map(([name]) => name)).toEqual([inOrder.name, single.name]);
    expect(heard[1]?.[1]).toBeLessThanOrEqual(heard[0]?.[1] ?? 0);
    const [a, b] = answers.map(({ ids }) => ids);
    expect(a?.findIndex((id, index) => id !== b?.[index])).toBe(parting?.at ?? -1);
  });

  test("stopped on the first side it gives what there is, and the second never begins", async () => {
    const stop = new AbortController();
    const sides: Side[] = [];
    const question = { text: "Hello", system: undefined, turns: [], settings: shortAnswers };
    const { answers } = await compareAnswers(chat, question, [inOrder, single], {
      signal: stop.signal,
      onSide: (side) => sides.push(side),
      onEvent: (event) => event.type === "denoised" && stop.abort(),
    });
    expect(answers.map(({ answer }) => answer.reason)).toEqual(["aborted"]);
    expect(sides).toEqual([inOrder]);
    expect(reportOf({ question: "Hello", answers }).map(({ text }) => text)).toEqual([
      "The comparison was stopped.",
    ]);
  });

  test("with nothing asked there is nothing to compare", () => {
    expect(() => questionOf(chatWith(chat), undefined)).toThrow(
      "Nothing was asked yet: type a message first.",
    );
  });
});
