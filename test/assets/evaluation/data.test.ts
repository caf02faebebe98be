import { expect, test } from "vitest";
import { readData, readEarlierPrompts, tenthOf } from "../../../assets/evaluation/data.ts";
import { isRight } from "../../../src/bench/index.ts";

const { questions, conversations } = readData();
const plain = (text: string) =>
  text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.join(" ");

test("there are 600 questions of at least ten kinds and 300 conversations, none twice", () => {
  expect(new Set(questions.map(({ prompt }) => plain(prompt))).size).toBe(600);
  expect(new Set(questions.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
  expect(new Set(conversations.map(({ messages }) => JSON.stringify(messages))).size).toBe(300);
});

test("the original's reply to every question counts as right", () => {
  expect(questions.filter((question) => !isRight(question, question.reply))).toEqual([]);
});

test("a reply that names the wrong choice first is wrong", () => {
  const choice = { answers: ["92"], wrong: ["35"] };
  expect(isRight(choice, "92 is larger than 35.")).toBe(true);
  expect(isRight(choice, "35 is larger than 92.")).toBe(false);
});

test("no question and no conversation begins as a prompt did that earlier weights were trained on", () => {
  const earlier = new Set(readEarlierPrompts().map(plain));
  const firsts = conversations.map(({ messages }) => messages[0]?.content ?? "");
  const all = [...questions.map(({ prompt }) => prompt), ...firsts];
  expect(all.filter((prompt) => earlier.has(plain(prompt)))).toEqual([]);
});

test("a tenth of the questions has nearly all kinds", () => {
  const kinds = (some: typeof questions) => new Set(some.map(({ kind }) => kind)).size;
  const all = kinds(questions);
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(tenthOf(questions, tenth)).toHaveLength(60);
    expect(kinds(tenthOf(questions, tenth))).toBeGreaterThan(0.7 * all);
  }
});
