import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { knobTable } from "../docs/knobs.ts";

test("the README's table of knobs is the program's (node docs/knobs.ts prints it)", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");
  expect(readme).toContain(knobTable());
});
