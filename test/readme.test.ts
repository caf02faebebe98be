import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectationTable } from "../docs/expectations.ts";
import { keysPage } from "../docs/keys.ts";
import { knobTable } from "../docs/knobs.ts";

const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");

test("the README's table of knobs is the program's (node docs/knobs.ts prints it)", () => {
  expect(readme).toContain(knobTable());
});

test("docs/keys.md has the chat's keys and commands (node docs/keys.ts > docs/keys.md writes it)", () => {
  expect(readFileSync(path.join(import.meta.dirname, "../docs/keys.md"), "utf8")).toBe(keysPage());
});

test("the rates on paper are those of the bench's function (node docs/expectations.ts prints them)", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../docs/expectations.md"), "utf8");
  expect(page).toContain(expectationTable());
});
