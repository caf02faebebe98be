import { readFileSync } from "node:fs";

/** What a mask says, and whether one token at a time would choose the same. */
export interface Guess {
  readonly confidence: number;
  readonly right: boolean;
}

/** A model and its text: what the mask `offset` behind `position` says while all before `position` is known. */
export type World = (position: number, offset: number) => Guess;

/** Milliseconds of a pass by rows, on top of `cached` tokens. */
export type Machine = (rows: number, cached: number) => number;

/** Uniform in 0..1, the same for the same numbers. */
export function chance(...numbers: readonly number[]): number {
  let hash = 2166136261;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 16777619);
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489917);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function table(points: Readonly<Record<number, number>>): Machine {
  const rows = Object.keys(points).map(Number);
  const last = rows.at(-1) ?? 1;
  return (count) => {
    const above = rows.find((each) => each >= count) ?? last;
    const below = rows.findLast((each) => each <= count) ?? above;
    const [high = 0, low = 0] = [points[above], points[below]];
    const share = above === below ? 0 : (count - below) / (above - below);
    return (low + share * (high - low)) * Math.max(1, count / last);
  };
}

/** The first two as measured with the embedded model (docs/performance.md), the others in the shapes that there are. */
export const machines = {
  twoCores: table({ 1: 7.3, 4: 8.4, 8: 10.3, 16: 15, 32: 25.6 }),
  twoOlderCores: table({ 1: 12.5, 4: 19, 8: 29, 16: 50, 32: 94 }),
  gpu: table({ 1: 6, 16: 6.2, 32: 6.5, 64: 7.2 }),
  laptop: table({ 1: 20, 4: 21, 8: 22.5, 16: 27, 32: 40, 64: 72 }),
  everyRow: table({ 1: 5, 64: 320 }),
} satisfies Record<string, Machine>;

/** Tokens that are easy to guess, ever less the farther ahead, and tokens that are not. What is said is so. */
function model(easy: (position: number) => number, decay: number, seed: number): World {
  return (position, offset) => {
    const target = position + offset;
    const isEasy = chance(seed, target) < easy(target);
    const near = isEasy ? 0.97 + 0.03 * chance(seed, target, 1) : 0.25 + 0.6 * chance(seed, target, 1);
    const confidence = near * decay ** (isEasy ? offset / 3 : offset);
    return { confidence, right: offset === 0 || chance(seed, target, offset, 2) < confidence };
  };
}

/** Of a list, of code, of a story: a hundred tokens each, in turn. */
const characters = [0.95, 0.6, 0.1];

export const models = {
  sure: (seed: number) => model(() => 0.95, 0.99, seed),
  mixed: (seed: number) => model(() => 0.6, 0.9, seed),
  unsure: (seed: number) => model(() => 0.15, 0.7, seed),
  changing: (seed: number) =>
    model((position) => characters[Math.floor(position / 100) % characters.length] ?? 0, 0.93, seed),
} satisfies Record<string, (seed: number) => World>;

export interface Recording {
  readonly kind: string;
  /** for every token of the answer, what 16 masks said before it: per cent, negative where wrong */
  readonly looks: readonly (readonly number[])[];
}

/** Real answers of the embedded model (see record.ts). */
export const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL("./recorded.json", import.meta.url), "utf8"),
);

/** The recorded answer, over and over. */
export function recordedWorld({ looks }: Recording): World {
  return (position, offset) => {
    const percent = looks[position % looks.length]?.[offset] ?? 0;
    return { confidence: Math.abs(percent) / 100, right: offset === 0 || percent > 0 };
  };
}
