/**
 * Draws the README's pictures: records the real program with the embedded model in a pseudo-terminal, and makes of that
 * recording docs/recording.cast, docs/recording.svg (a film) and stills for light and dark pages.
 * usage: npm run pictures [-- QUESTION], on a machine that has nothing else to do
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { castOf, record, screensOf } from "./recording.ts";
import { film, picture, rowsOf } from "./svg.ts";

const question = process.argv[2] ?? "Explain how plants make food.";
const perSecond = 10;

const recording = await record(question);
const frames: (readonly string[])[] = [];
/** The middle of an answer: some rows decided, some masks of the present block left. */
let middle: readonly string[] | undefined;
let replay: readonly string[] | undefined;
for await (const screen of screensOf(recording, perSecond)) {
  const text = screen.window().join("\n");
  const rows = rowsOf(screen);
  frames.push(rows);
  if (/(\w+,? ){3}░+ ░/.test(text) && text.split("\n").filter(Boolean).length > 9) middle ??= rows;
  if (/^replay +step \d+ .*\n[^]*░/.test(text)) replay = rows;
}
write("recording.cast", castOf(recording, `sdar-chat: ${question}`));
write("recording.svg", film(frames, recording.seconds));
for (const ground of ["light", "dark"] as const) {
  if (middle !== undefined) write(`screen-${ground}.svg`, picture(middle, ground));
  if (replay !== undefined) write(`replay-${ground}.svg`, picture(replay, ground));
}
console.error(`${recording.seconds.toFixed(1)} seconds, ${frames.length} frames`);
if (middle === undefined || replay === undefined) throw new Error("a picture that was wanted never came");
process.exit(0);

function write(name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, name), text);
  console.error(`docs/${name}: ${(Buffer.byteLength(text) / 1000).toFixed(0)} kB`);
}
