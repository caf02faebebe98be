import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeOf, isMissing } from "../src/errors.ts";

function failureOf(path: string): unknown {
  try {
    return readFileSync(path);
  } catch (error) {
    return error;
  }
}

test("what is missing is told from what cannot be read", () => {
  expect(["/nowhere", "/dev/null/x", "/"].map(failureOf).map(codeOf)).toEqual([
    "ENOENT",
    "ENOTDIR",
    "EISDIR",
  ]);
  expect(["/nowhere", "/dev/null/x", "/"].map(failureOf).map(isMissing)).toEqual([true, true, false]);
  expect(codeOf("thrown")).toBeUndefined();
});
