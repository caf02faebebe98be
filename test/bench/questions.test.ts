import { expect, test } from "vitest";
import { isRight, questions, someQuestions } from "../../src/bench/questions.ts";

test("a reply is right if it holds an accepted answer as a word of its own", () => {
  const question = { kind: "sum", prompt: "What is 2 + 2?", answers: ["4", "four"] };
  expect(isRight(question, "The sum is **Four**.")).toBe(true);
  expect(isRight(question, "It is 4!")).toBe(true);
  expect(isRight(question, "It is 14 or 45.")).toBe(false);
});

test("every built-in question has a prompt with its item and an answer that counts as right", () => {
  expect(new Set(questions.map(({ prompt }) => prompt)).size).toBe(questions.length);
  for (const question of questions) {
    expect(question.prompt).not.toContain("undefined");
    expect(isRight(question, `It is ${question.answers[0]}.`)).toBe(true);
  }
});

test("some of the questions are of every kind alike", () => {
  expect(new Set(someQuestions(12).map(({ kind }) => kind)).size).toBe(12);
  expect(new Set(someQuestions(24).map(({ prompt }) => prompt)).size).toBe(24);
  expect(someQuestions(1000)).toHaveLength(questions.length);
});

test("there are as many as bench --questions takes", () => {
  expect(questions).toHaveLength(96);
});
