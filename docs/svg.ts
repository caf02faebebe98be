import type { IBufferCell } from "@xterm/headless";
import type { FakeScreen } from "../test/real/pseudo-terminal.ts";
import { size } from "./recording.ts";

const cell = { width: 8.4, height: 18, margin: 14 };
const width = size.columns * cell.width + 2 * cell.margin;
const height = size.rows * cell.height + 2 * cell.margin;

export type Ground = "light" | "dark";

/** Page, text and the eight colours, on a light and on a dark ground. */
const grounds: Record<Ground, readonly string[]> = {
  light: [
    "#fff",
    "#24292f",
    "#24292f",
    "#b3261e",
    "#116329",
    "#7a6000",
    "#0550ae",
    "#9a4f00",
    "#0067a3",
    "#57606a",
  ],
  dark: [
    "#0d1117",
    "#e6edf3",
    "#6e7681",
    "#ff7a5c",
    "#56d364",
    "#e8d44d",
    "#79c0ff",
    "#e69f00",
    "#56b4e9",
    "#c9d1d9",
  ],
};

/** The rows of the window as SVG, each as if it were the first. */
export function rowsOf({ terminal }: FakeScreen): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: size.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    const cells = Array.from({ length: size.columns }, (_column, x) => line?.getCell(x));
    return runs(cells.filter((each) => each !== undefined))
      .map(span)
      .join("");
  });
}

/** A still picture. */
export function picture(rows: readonly string[], ground: Ground): string {
  const body = rows.map((row, y) =>
    row === "" ? "" : `<g transform="translate(0 ${y * cell.height})">${row}</g>`,
  );
  return document(colours(ground), body.filter(Boolean).join("\n"));
}

/** A film of equally long frames: they lie side by side, and the strip jumps from one to the next. */
export function film(frames: readonly (readonly string[])[], seconds: number): string {
  const names = new Map<string, string>();
  for (const row of frames.flat()) if (row !== "" && !names.has(row)) names.set(row, names.size.toString(36));
  const kept = frames.flatMap((frame, at) => (same(frame, frames[at - 1]) ? [] : [{ frame, at }]));
  const jumps = kept.map(
    ({ at }, index) =>
      `${((100 * at) / frames.length).toFixed(2)}%{transform:translateX(${-index * width}px)}`,
  );
  const definitions = [...names].map(([row, name]) => `<g id="_${name}">${row}</g>`);
  const strip = kept.map(({ frame }, index) => {
    const uses = frame.map((row, y) =>
      row === "" ? "" : `<use href="#_${names.get(row) ?? ""}" y="${y * cell.height}"/>`,
    );
    return `<g transform="translate(${index * width})">${uses.join("")}</g>`;
  });
  const style = `${colours("light")}@media(prefers-color-scheme:dark){${colours("dark")}}
@keyframes film{${jumps.join("")}}.film{animation:film ${seconds.toFixed(1)}s step-end infinite}`;
  return document(style, `<defs>${definitions.join("\n")}</defs>\n<g class="film">${strip.join("\n")}</g>`);
}

const same = (frame: readonly string[], before: readonly string[] | undefined) =>
  before !== undefined && frame.every((row, y) => row === before[y]);

function document(style: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
.b{font-weight:bold}.d{opacity:.55}.u{text-decoration:underline}.s{text-decoration:line-through}
${style}</style>
<rect class="page" width="100%" height="100%" rx="8" stroke="#888" stroke-opacity=".4"/>
${body}
</svg>
`;
}

function colours(ground: Ground): string {
  const [page, text, ...eight] = grounds[ground];
  const rest = eight.map((colour, index) => `text.c${index}{fill:${colour}}`);
  return `.page{fill:${page}}text{fill:${text}}${rest.join("")}`;
}

interface Run {
  readonly x: number;
  readonly chars: string;
  readonly cells: number;
  /** class names */
  readonly style: string;
}

/** Neighbouring cells of one style. */
function runs(line: readonly IBufferCell[]): Run[] {
  const found: Run[] = [];
  for (const [x, each] of line.entries()) {
    const last = found.at(-1);
    const style = styleOf(each);
    const chars = each.getWidth() === 0 ? "" : each.getChars() || " ";
    if (last?.style === style)
      found.splice(-1, 1, { ...last, chars: last.chars + chars, cells: last.cells + 1 });
    else found.push({ x, chars, cells: 1, style });
  }
  return found.map(trimmed).filter((run) => run.chars !== "");
}

/** Spaces at its ends draw nothing, and not every viewer keeps them. */
function trimmed({ x, chars, cells, style }: Run): Run {
  const start = chars.length - chars.trimStart().length;
  const end = chars.length - chars.trimEnd().length;
  return { x: x + start, chars: chars.trim(), cells: cells - start - end, style };
}

function styleOf(each: IBufferCell): string {
  const forms = [
    each.isBold() && "b",
    each.isDim() && "d",
    each.isUnderline() && "u",
    each.isStrikethrough() && "s",
  ];
  return [colourOf(each), ...forms].filter(Boolean).join(" ");
}

function colourOf(each: IBufferCell): string {
  if (each.isFgDefault()) return "";
  return each.isFgPalette() ? `c${each.getFgColor() % 8}` : "c7";
}

function span({ x, chars, cells, style }: Run): string {
  const left = (cell.margin + x * cell.width).toFixed(1);
  const base = (cell.margin + 0.72 * cell.height).toFixed(1);
  const escaped = chars.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const attributes = `x="${left}" y="${base}" textLength="${(cells * cell.width).toFixed(1)}"`;
  return `<text ${attributes}${style ? ` class="${style}"` : ""}>${escaped}</text>`;
}
