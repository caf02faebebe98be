/**
 * The table of docs/expectations.md: kept tokens a second on paper.
 * usage: node docs/expectations.ts
 */
import {
  bytesPerPass,
  expectedRate,
  paperDevices,
  publishedModels,
  weightBytes,
} from "../src/bench/index.ts";

/** A conversation of 1,000 tokens, in 16-bit floats; blocks of 4, whose commit goes with the next block's first pass. */
const pass = { rows: 8, cached: 1000, numberBytes: 2 } as const;
/** tokens a pass: one at a time, and the middle of SDAR's own 2.3 to 2.7 */
const yields = [1, 2.5] as const;

export function expectationTable(): string {
  const head = ["model, weights", "read a pass", ...paperDevices.map(({ name }) => name)];
  const rows = publishedModels.flatMap(({ name, shape, tied, bits }) =>
    bits.map((width) => {
      const held = weightBytes(shape, width, tied);
      const read = yields.map((count) =>
        bytesPerPass(shape, { ...pass, bits: width, rows: count === 1 ? 1 : pass.rows }),
      );
      const cells = paperDevices.map(({ bandwidth, memory }) =>
        held + 0.5e9 > memory
          ? "-"
          : yields
              .map((count, index) => Math.round(expectedRate(read[index] ?? 0, bandwidth, count)))
              .join(" / "),
      );
      return [`${name}, ${width}-bit (${giga(held)})`, [...new Set(read.map(giga))].join(" / "), ...cells];
    }),
  );
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function giga(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

if (import.meta.main) console.log(expectationTable());
