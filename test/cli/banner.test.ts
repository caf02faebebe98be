import { expect, test } from "vitest";
import { bannerFor } from "../../src/cli/banner.ts";

const facts = { program: "sdar-chat 0.1.0", model: "SmolLM2, block diffusion q8", device: "cpu" };

test("the first line of a chat fits its window, and the model's name goes last", () => {
  expect(bannerFor(facts, 80)).toBe("sdar-chat 0.1.0  SmolLM2, block diffusion q8  cpu");
  expect(bannerFor(facts, 48)).toBe("sdar-chat 0.1.0  SmolLM2, block diffusion q8");
  expect(bannerFor(facts, 40)).toBe("SmolLM2, block diffusion q8");
  expect(bannerFor(facts, 20)).toBe("SmolLM2, block d...");
  for (let columns = 2; columns < 60; columns++)
    expect(bannerFor(facts, columns).length).toBeLessThan(columns);
});
