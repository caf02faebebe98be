import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectationTable } from "../docs/expectations.ts";
import { commandTable, keyTable, replayTable } from "../docs/keys.ts";
import { knobTable } from "../docs/knobs.ts";

const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");

test("the README's table of knobs is the program's (node docs/knobs.ts prints it)", () => {
  expect(readme).toContain(knobTable());
});

test("the README's tables of keys and commands are the chat's (node docs/keys.ts prints them)", () => {
  expect(readme).toContain(keyTable());
  expect(readme).toContain(commandTable());
  expect(readme).toContain(replayTable());
});

test("the rates on paper are those of the bench's function (node docs/expectations.ts prints them)", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../docs/expectations.md"), "utf8");
  expect(page).toContain(expectationTable());
});
