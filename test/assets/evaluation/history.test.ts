import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cardText, evaluations } from "../../../assets/evaluation/history.ts";

const card = readFileSync(path.join(import.meta.dirname, "../../../docs/model.md"), "utf8");

test("the model's card has the figures of the weights that ship (node assets/evaluation/history.ts prints them)", () => {
  expect(card).toContain(cardText(evaluations()));
});
