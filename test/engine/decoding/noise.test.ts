import { expect, test } from "vitest";
import { gumbel, gumbelOf, leastHash, mix, noiseAt } from "../../../src/engine/decoding/noise.ts";

test("mix gives the published values", () => {
  expect(mix(1)).toBe(0x514e28b7);
  expect(mix(0)).toBe(0);
});

test("the noise of seed 1, position 2, token 3 is 0.222245", () => {
  expect(gumbel(noiseAt(1, 2), 3)).toBeCloseTo(0.222245, 6);
});

test("noise takes seeds and tokens over the whole range of 32 bits", () => {
  for (const seed of [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    const noise = noiseAt(seed, 1_000_000);
    expect(noise).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(gumbel(noise, 151_935))).toBe(true);
  }
});

test("noise is that of a standard Gumbel distribution: mean 0.5772, variance 1.645", () => {
  const draws = Array.from({ length: 20_000 }, (_, token) => gumbel(noiseAt(7, 3), token));
  const mean = draws.reduce((sum, g) => sum + g, 0) / draws.length;
  const variance = draws.reduce((sum, g) => sum + (g - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean - 0.5772)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1.645)).toBeLessThan(0.08);
});

test("no hash below the least one has the noise asked for", () => {
  for (const hash of [2, 1000, 0x4000_0000, 0xf000_0000, 0xffff_fff0]) {
    expect(leastHash(gumbelOf(hash))).toBeLessThanOrEqual(hash);
    expect(leastHash(gumbelOf(hash))).toBeGreaterThan(hash - 4);
  }
  expect(leastHash(-Infinity)).toBeLessThan(0);
});
