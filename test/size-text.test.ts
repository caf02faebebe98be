import { expect, test } from "vitest";
import { sizeText } from "../src/size-text.ts";

test("a size has three figures at most", () => {
  expect([0, 640, 1000, 39_600, 1_500_000, 153_400_000, 2_100_000_000].map(sizeText)).toEqual([
    "0 B",
    "640 B",
    "1 kB",
    "40 kB",
    "1.5 MB",
    "153 MB",
    "2.1 GB",
  ]);
});
