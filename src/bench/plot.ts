import { scaleFor, type Scale } from "./ticks.ts";

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** beside the point: what it differs in from the others of its line */
  readonly label: string;
}

export interface PlotCurve {
  readonly name: string;
  /** each a polyline of the curve's colour */
  readonly lines: readonly (readonly PlotPoint[])[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly PlotCurve[];
}

const size = { width: 760, height: 480, left: 72, right: 190, top: 44, bottom: 56 } as const;
/** Okabe and Ito's, readable on white and on near-black, and apart for most eyes. */
const colours = ["#888888", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .small { font-size: 10px; fill: #57606a }
  .ground { fill: #ffffff }
  .grid { stroke: #d0d7de }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .ground { fill: #0d1117 }
    .grid { stroke: #30363d }
  }`;

/** Draws the curves as an SVG document that follows the reader's light or dark scheme. */
export function plotSvg({ title, x, y, curves }: Plot): string {
  const points = curves.flatMap(({ lines }) => lines.flat());
  const across = scaleFor(points.map((point) => point.x));
  const up = scaleFor(points.map((point) => point.y));
  const right = size.width - size.right;
  const bottom = size.height - size.bottom;
  const placeX = place(across, size.left, right);
  const placeY = place(up, bottom, size.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escape(title)}">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${size.width}" height="${size.height}"/>`,
    text(size.left, 24, title, 'class="title"'),
    ...across.ticks.flatMap((tick) => [
      `<path class="grid" d="M${placeX(tick)} ${size.top}V${bottom}"/>`,
      text(placeX(tick), bottom + 18, tick.toFixed(across.decimals), 'text-anchor="middle"'),
    ]),
    ...up.ticks.flatMap((tick) => [
      `<path class="grid" d="M${size.left} ${placeY(tick)}H${right}"/>`,
      text(size.left - 8, placeY(tick) + 4, tick.toFixed(up.decimals), 'text-anchor="end"'),
    ]),
    text((size.left + right) / 2, size.height - 16, x, 'text-anchor="middle"'),
    text(0, 0, y, `text-anchor="middle" transform="translate(18 ${(size.top + bottom) / 2}) rotate(-90)"`),
    ...curves.flatMap((curve, index) => drawCurve(curve, index, placeX, placeY)),
    "</svg>",
    "",
  ].join("\n");
}

function drawCurve(
  { name, lines }: PlotCurve,
  index: number,
  placeX: (value: number) => number,
  placeY: (value: number) => number,
): string[] {
  const colour = colours[index % colours.length] ?? "";
  const legend = size.top + 10 + 22 * index;
  const keyX = size.width - size.right + 20;
  return [
    `<circle cx="${keyX}" cy="${legend}" r="5" fill="${colour}"/>`,
    text(keyX + 12, legend + 4, name),
    ...lines.flatMap((line) => {
      const placed = line.map(({ x, y, label }) => ({ x: placeX(x), y: placeY(y), label }));
      const path = placed.map((point) => `${point.x},${point.y}`).join(" ");
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...placed.map((point) => `<circle cx="${point.x}" cy="${point.y}" r="4" fill="${colour}"/>`),
        ...placed.map((point) => text(point.x + 6, point.y - 6, point.label, 'class="small"')),
      ];
    }),
  ];
}

function place({ from, to }: Scale, start: number, end: number): (value: number) => number {
  return (value) => Math.round(10 * (start + ((value - from) / (to - from)) * (end - start))) / 10;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
