import { expect, test } from "vitest";
import { csv, parsePrompts, plotSvg } from "../../src/bench/index.ts";
import { scaleFor } from "../../src/bench/ticks.ts";

test("prompts are lines of text or of JSON", () => {
  const text = 'Why?\r\n\n"How, \\"so\\"?"\n{"prompt": "List two.", "kind": "list"}\n{"prompt": "Go."}\n';
  expect(parsePrompts(text, "f")).toEqual([
    { kind: "file", prompt: "Why?" },
    { kind: "file", prompt: 'How, "so"?' },
    { kind: "list", prompt: "List two." },
    { kind: "file", prompt: "Go." },
  ]);
});

test.each([
  ["", "f has no prompts."],
  ['ok\n{"prompt": ""}', "line 2 of f is no prompt."],
  ['{"prompt": "a"', "line 1 of f is no prompt."],
  ['{"text": "a"}', "line 1 of f is no prompt."],
])("%j is refused", (text, message) => {
  expect(() => parsePrompts(text, "f")).toThrow(message);
});

test("comma-separated values are quoted where they must be, and what is no number is nothing", () => {
  expect(
    csv([
      { name: 'a, "b"', n: 1.5 },
      { name: "c", n: Number.NaN },
    ]),
  ).toBe('name,n\r\n"a, ""b""",1.5\r\nc,\r\n');
});

test("ticks are round numbers around the values", () => {
  expect(scaleFor([0.93, 1.61]).ticks).toEqual([0.8, 1, 1.2, 1.4, 1.6, 1.8]);
  expect(scaleFor([-0.004, 0.0011]).ticks).toEqual([-0.004, -0.002, 0, 0.002]);
  expect(scaleFor([1]).ticks.length).toBeGreaterThan(1);
});

const point = (x: number, y: number) => ({ x, y, label: "<b>" });

test("a plot has a point a setting inside its frame, a legend, and both colour schemes", () => {
  const svg = plotSvg({
    title: "A & B",
    x: "speed",
    y: "quality",
    curves: [
      { name: "one", lines: [[point(1, 0)]] },
      { name: "two", lines: [[point(1.2, -0.1), point(1.7, -0.4)], [point(1.1, -0.2)]] },
    ],
  });
  expect(svg.match(/<polyline/g)).toHaveLength(3);
  const places = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(places).toHaveLength(4);
  for (const [x = 0, y = 0] of places) {
    expect(x).toBeGreaterThanOrEqual(72);
    expect(x).toBeLessThanOrEqual(570);
    expect(y).toBeGreaterThanOrEqual(44);
    expect(y).toBeLessThanOrEqual(424);
  }
  for (const part of ["prefers-color-scheme: dark", "A &amp; B", "&lt;b>", ">one<", ">two<"]) {
    expect(svg).toContain(part);
  }
});
