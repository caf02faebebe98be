import { expect, test } from "vitest";
import { choose, settingsOf } from "../../../src/engine/auto/auto.ts";
import type { AutoLimits } from "../../../src/engine/auto/ways.ts";
import { costTable, learnCost, noCosts } from "../../../src/engine/auto/costs.ts";
import { freshAuto, learn } from "../../../src/engine/auto/memory.ts";
import { bestFixed, outcomeOf } from "./bars.ts";
import { controlled, Play, type Policy } from "./play.ts";
import { chance, machines, models, recordedWorld, recordings, type Machine, type World } from "./worlds.ts";

const shares = { exact: 0, careful: 0.01, balanced: 0.03, fast: 0.1 };
const worlds: readonly (readonly [string, readonly World[]])[] = [
  ...Object.entries(models).map(([name, model]) => [name, [1, 2, 3].map(model)] as const),
  ...recordings.map((recording) => [`recorded ${recording.kind}`, [recordedWorld(recording)]] as const),
];

const limitsOf = (doubt: AutoLimits["doubt"], blockLengths = [1, 2, 4, 8, 16], commits = false) => ({
  doubt,
  blockLengths,
  commits,
  sharesFirst: !commits,
  mostRows: Infinity,
});

/*
 * The best fixed setting is chosen in hindsight among dozens, so some of its lead is luck. Over a machine's worlds the
 * controller stays within 5% of it, in each of them within 12%: on recordings it was 0.92 of it at worst, on code.
 */
test.for(Object.entries(machines))("on %s it is soon as fast as the best fixed setting", ([, machine]) => {
  const place = { machine, commits: false, noise: 0.05 };
  const ratios = worlds.flatMap(([name, each]) =>
    (["exact", "fast"] as const).map((doubt) => {
      const reached = outcomeOf(place, each, doubt);
      const best = bestFixed(place, each, doubt, Math.min(shares[doubt], reached.wrong));
      return { name, doubt, ratio: reached.rate / best.rate };
    }),
  );
  const mean = ratios.reduce((sum, { ratio }) => sum + ratio, 0) / ratios.length;
  expect(mean).toBeGreaterThan(0.95);
  expect(ratios.filter(({ ratio }) => ratio < 0.88)).toEqual([]);
});

test.for(["balanced", "fast"] as const)("%s: no more tokens are wrong than the dial allows", (doubt) => {
  for (const commits of [false, true]) {
    for (const [name, each] of worlds.slice(0, 6)) {
      const { wrong } = outcomeOf(
        { machine: machines.laptop, commits, noise: 0.05 },
        each.slice(0, 2),
        doubt,
      );
      expect({ name, wrong: wrong <= shares[doubt] || wrong }).toEqual({ name, wrong: true });
    }
  }
});

const balanced = (machine: Machine, world: World) =>
  new Play({ machine, world, commits: false, noise: 0.05 }, controlled(limitsOf("balanced")), 500);

test("balanced: blocks are taken where they are much quicker, and no wrong token is given for a few per cent", () => {
  const real = [machines.twoCores, machines.twoOlderCores].flatMap((machine) =>
    recordings.map((recording) => balanced(machine, recordedWorld(recording)).wrong),
  );
  expect(real).toEqual(real.map(() => 0));
  const { stretches } = balanced(machines.twoOlderCores, models.sure(1));
  expect(stretches.filter(({ way }) => way.startsWith("low_confidence_dynamic")).length).toBeGreaterThan(20);
});

test("it does not swing, not even where the text changes its character", () => {
  for (const machine of [machines.twoCores, machines.gpu]) {
    for (const [name, each] of worlds) {
      const { changes } = outcomeOf({ machine, commits: false, noise: 0.05 }, each.slice(0, 1), "exact");
      expect({ name, calm: changes < 20 || changes }).toEqual({ name, calm: true });
    }
  }
});

test("where every row costs as much as the first, one token is decoded at a time", () => {
  const place = { world: models.mixed(1), machine: machines.everyRow, commits: false, noise: 0.05 };
  const { stretches } = new Play(place, controlled(limitsOf("exact")), 500);
  const other = stretches.slice(12).filter(({ way }) => way !== "self_speculative 1");
  expect(other.length).toBeLessThan(0.02 * stretches.length);
});

const ways = (limits: AutoLimits) => {
  const place = { world: models.changing(1), machine: machines.gpu, commits: true, noise: 0.05 };
  return new Set(new Play(place, controlled(limits), 600).stretches.map(({ way }) => way));
};

test("exact never places a token unchecked, and only trained block lengths are used", () => {
  const windows = ways(limitsOf("exact", [4, 8], true));
  for (const way of windows)
    expect(["self_speculative 1", "self_speculative 4", "self_speculative 8"]).toContain(way);
  const blocks = ["low_confidence_dynamic 4", "low_confidence_dynamic 8", "sequential 4"];
  for (const way of ways(limitsOf("fast", [4, 8], true))) expect(blocks).toContain(way);
  expect(ways(limitsOf("balanced", [1]))).toEqual(new Set(["self_speculative 1"]));
});

/** What was chosen for every block of a text. */
function chosen(): unknown[] {
  const policy = controlled(limitsOf("balanced"));
  const settings: unknown[] = [];
  const noting: Policy = {
    ...policy,
    settings: () => {
      const next = policy.settings();
      settings.push(next);
      return next;
    },
  };
  const place = { world: models.mixed(3), machine: machines.laptop, commits: false, noise: 0.05 };
  expect(new Play(place, noting, 200).tokens).toBeGreaterThan(199);
  return settings;
}

test("the same events lead to the same settings, and no state is changed", () => {
  expect(chosen()).toEqual(chosen());
  const before = structuredClone(freshAuto);
  const slot = { position: 3, token: 1, confidence: 0.9, runnersUp: [], unmasked: true };
  const settings = { ...controlled(limitsOf("fast")).settings() };
  const pass = { block: 0, step: 0, slots: [slot], settings, rows: 4, milliseconds: 9, elapsed: 9 };
  choose(learn(freshAuto, { type: "denoised", ...pass }), limitsOf("fast"));
  expect(freshAuto).toEqual(before);
});

test("before anything is measured, something sensible is chosen", () => {
  expect(settingsOf(choose(freshAuto, limitsOf("exact")))).toMatchObject({ strategy: "self_speculative" });
  const blocks = settingsOf(choose(freshAuto, limitsOf("balanced", [4], true)));
  expect(["sequential", "low_confidence_dynamic"]).toContain(blocks.strategy);
  expect(blocks.blockLength).toBe(4);
});

const rowsOf = (pass: number) => [2, 2, 5, 7, 11, 18][Math.floor(6 * chance(pass, 1))] ?? 2;
const trueCost = (rows: number, pass: number) => machines.twoCores(rows, 0) * (1 + pass / 1000);

test("what a pass costs is learnt from disturbed passes, and follows the growing cache", () => {
  let costs = noCosts;
  for (let pass = 0; pass < 600; pass++) {
    const disturbed = chance(pass, 2) < 0.1 ? 4 : 1 + 0.1 * (chance(pass, 3) - 0.5);
    const rows = rowsOf(pass);
    costs = learnCost(costs, rows, trueCost(rows, pass) * disturbed);
  }
  const learnt = costTable(costs, 24);
  for (const rows of [2, 5, 7, 11, 18]) {
    const ratio = (learnt[rows] ?? 0) / trueCost(rows, 600);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  }
});
