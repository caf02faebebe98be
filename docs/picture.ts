/**
 * Draws docs/screen.svg: runs the real program in a pseudo-terminal, asks it something, and turns the cells of the
 * screen into an SVG that follows the reader's light or dark page.
 * usage: npm run -s build && node docs/picture.ts [QUESTION] [OUT.svg]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import type { IBufferCell } from "@xterm/headless";

const question = process.argv[2] ?? "Explain how plants make food.";
const target = process.argv[3] ?? join(import.meta.dirname, "screen.svg");
const program = join(import.meta.dirname, "../bin/sdar-chat.js");
const size = { cols: 80, rows: 18 };
const cell = { width: 8.4, height: 18, margin: 14 };

/** The sixteen colours as CSS variables: name, on a light page, on a dark page. */
const palette: readonly (readonly [string, string, string])[] = [
  ["c0", "#24292f", "#6e7681"],
  ["c1", "#b3261e", "#ff7a5c"],
  ["c2", "#116329", "#56d364"],
  ["c3", "#7a6000", "#e8d44d"],
  ["c4", "#0550ae", "#79c0ff"],
  ["c5", "#9a4f00", "#e69f00"],
  ["c6", "#0067a3", "#56b4e9"],
  ["c7", "#57606a", "#c9d1d9"],
];

const term = new xterm.Terminal({ ...size, allowProposedApi: true });
const { CI: _, NO_COLOR: __, ...environment } = process.env;
const child = pty.spawn(process.execPath, [program, "--no-save"], {
  ...size,
  name: "xterm-256color",
  env: { ...environment, COLORTERM: "", SDAR_CHAT_CONFIG: "" },
});
let written = Promise.resolve();
child.onData((data) => {
  written = new Promise((done) => term.write(data, done));
});
term.onData((reply) => child.write(reply));

await until((screen) => screen.includes("> ") && !screen.includes("loading"));
child.write(question);
await pause(100);
child.write("\r");
// A picture of the middle of an answer: some rows decided, some masks of the present block left.
await until((screen) => /(\w+,? ){4}░+ ░/.test(screen) && screen.split("\n").filter(Boolean).length > 11);
writeFileSync(target, svg());
child.write("\u0003\u0003");
await pause(50);
child.kill();
process.exit(0);

async function until(match: (screen: string) => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(5)) {
    await written;
    if (match(text())) return;
  }
  throw new Error(`the screen never came:\n${text()}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function rows(): IBufferCell[][] {
  const buffer = term.buffer.active;
  return Array.from({ length: size.rows }, (_row, y) => {
    const line = buffer.getLine(buffer.baseY + y);
    return Array.from({ length: size.cols }, (_column, x) => line?.getCell(x)).filter(
      (each) => each !== undefined,
    );
  });
}

function text(): string {
  return rows()
    .map((line) =>
      line
        .map((each) => each.getChars() || " ")
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

function svg(): string {
  const width = size.cols * cell.width + 2 * cell.margin;
  const height = size.rows * cell.height + 2 * cell.margin;
  const body = rows().flatMap((line, y) => runs(line).map((run) => span(run, y)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
.b{font-weight:bold}.d{opacity:.55}.u{text-decoration:underline}
.page{fill:#fff}text{fill:#24292f}${colours(1)}
@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#e6edf3}${colours(2)}}</style>
<rect class="page" width="100%" height="100%" rx="8" stroke="#888" stroke-opacity=".4"/>
${body.join("\n")}
</svg>
`;
}

function colours(page: 1 | 2): string {
  return palette.map((each) => `text.${each[0]}{fill:${each[page]}}`).join("");
}

interface Run {
  readonly x: number;
  readonly chars: string;
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
    if (last?.style === style) found.splice(-1, 1, { ...last, chars: last.chars + chars });
    else found.push({ x, chars, style });
  }
  return found.map(trimmed).filter((run) => run.chars !== "");
}

/** Spaces at its ends draw nothing, and not every viewer keeps them. */
function trimmed({ x, chars, style }: Run): Run {
  const start = chars.trimStart();
  return { x: x + chars.length - start.length, chars: start.trimEnd(), style };
}

function styleOf(each: IBufferCell): string {
  const names = [colourOf(each), each.isBold() && "b", each.isDim() && "d", each.isUnderline() && "u"];
  return names.filter(Boolean).join(" ");
}

function colourOf(each: IBufferCell): string {
  if (each.isFgDefault()) return "";
  const colour = each.getFgColor();
  if (each.isFgPalette() && colour < 16) return `c${colour % 8}`;
  const nearest: Record<number, string> = { 74: "c6", 178: "c3", 208: "c5", 203: "c1" };
  return nearest[colour] ?? "c7";
}

function span({ x, chars, style }: Run, y: number): string {
  const left = (cell.margin + x * cell.width).toFixed(1);
  const base = (cell.margin + (y + 0.72) * cell.height).toFixed(1);
  const escaped = chars.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const attributes = `x="${left}" y="${base}" textLength="${(chars.length * cell.width).toFixed(1)}"`;
  return `<text ${attributes}${style ? ` class="${style}"` : ""}>${escaped}</text>`;
}
