import { expect, test } from "vitest";
import { sizeOf } from "../src/terminal-size.ts";

test("a terminal that does not say its size has the usual one", () => {
  expect(sizeOf({ columns: 100, rows: 30 })).toEqual({ columns: 100, rows: 30 });
  expect(sizeOf({ columns: 0, rows: 0 })).toEqual({ columns: 80, rows: 24 });
  expect(sizeOf({ columns: 0, rows: 30 })).toEqual({ columns: 80, rows: 30 });
  expect(sizeOf({})).toEqual({ columns: 80, rows: 24 });
});
