import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/index.ts";
import {
  emptyPacer,
  enqueue,
  immediatePace,
  nextDue,
  release,
  releaseAll,
  paceOf,
  visiblePace,
  type Pacer,
} from "../../src/tui/pacing.ts";
import { eventsOf } from "./answers.ts";

const events = eventsOf({
  texts: Array.from({ length: 400 }, () => "a"),
  blockLength: 4,
  order: [0],
  confidence: [1],
});
const step = events.find((event) => event.type === "denoised") ?? never();

function never(): never {
  throw new Error("a script has steps");
}

interface Shown {
  readonly event: EngineEvent;
  readonly arrived: number;
  readonly at: number;
}

/** Lets an engine speak every `gap` milliseconds, and a clock tick exactly when something falls due. */
function play(spoken: readonly EngineEvent[], gap: number, pace = visiblePace): Shown[] {
  const shown: Shown[] = [];
  const arrivals = new Map<EngineEvent, number>();
  let pacer: Pacer = emptyPacer;
  const show = (now: number) => {
    const released = release(pacer, pace, now);
    pacer = released.pacer;
    for (const event of released.events) shown.push({ event, arrived: arrivals.get(event) ?? 0, at: now });
  };
  for (const [index, event] of spoken.entries()) {
    const now = index * gap;
    for (let due = nextDue(pacer, pace); due !== undefined && due <= now; due = nextDue(pacer, pace))
      show(due);
    arrivals.set(event, now);
    pacer = enqueue(pacer, event, now);
    show(now);
  }
  for (let due = nextDue(pacer, pace); due !== undefined; due = nextDue(pacer, pace)) show(due);
  return shown;
}

const steps = (shown: readonly Shown[]) => shown.filter(({ event }) => event.type === "denoised");

test("a slow engine is shown as it speaks", () => {
  for (const { at, arrived } of play(events.slice(0, 60), 80)) expect(at).toBe(arrived);
});

test("a step stays fifty milliseconds while the view is less than two seconds behind", () => {
  const shown = steps(play(events, 5));
  const near = shown.filter(({ at, arrived }) => at - arrived < visiblePace.lag);
  const stays = near.slice(1).map(({ at }, index) => at - (near[index]?.at ?? 0));
  expect(near.length).toBeGreaterThan(30);
  expect(Math.min(...stays)).toBeGreaterThanOrEqual(50);
});

test("a chosen number of steps a second holds, however far behind the engine that is", () => {
  const shown = steps(play(events.slice(0, 90), 5, paceOf(4)));
  const stays = shown.slice(1).map(({ at }, index) => at - (shown[index]?.at ?? 0));
  expect(new Set(stays)).toEqual(new Set([250]));
  expect(Math.max(...shown.map(({ at, arrived }) => at - arrived))).toBeGreaterThan(5000);
});

test("live is each step when it comes", () => {
  for (const { at, arrived } of play(events.slice(0, 60), 5, paceOf("live"))) expect(at).toBe(arrived);
});

test("the view is never more than two seconds behind", () => {
  for (const gap of [0, 1, 3, 10, 40]) {
    for (const { at, arrived } of play(events, gap)) expect(at - arrived).toBeLessThanOrEqual(2000);
  }
});

test("events come in order and none is lost, at any pace of the engine", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 120 }), (gap) => {
      expect(play(events.slice(0, 80), gap).map(({ event }) => event)).toEqual(events.slice(0, 80));
    }),
  );
});

test("what is no step comes with the step before it", () => {
  let pacer = [step, ...events.filter(({ type }) => type === "block_finished").slice(0, 1)].reduce(
    (before, event) => enqueue(before, event, 10),
    emptyPacer,
  );
  const released = release(pacer, visiblePace, 10);
  expect(released.events).toHaveLength(2);
  pacer = enqueue(released.pacer, step, 12);
  expect(release(pacer, visiblePace, 59).events).toEqual([]);
  expect(release(pacer, visiblePace, 60).events).toEqual([step]);
});

test("without pacing nothing waits, and a jump lets everything out", () => {
  const full = events.reduce((before, event) => enqueue(before, event, 0), emptyPacer);
  expect(release(full, immediatePace, 0).events).toEqual(events);
  expect(releaseAll(full)).toEqual({ pacer: emptyPacer, events });
});
