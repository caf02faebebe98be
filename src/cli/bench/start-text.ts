import { table } from "../../bench/index.ts";
import type { StartTimes } from "./start.ts";

export function startText({ frame, model, firstBlock, note }: StartTimes): string {
  const rows = [
    ["first frame", frame],
    ["model loaded", model],
    ["first finished block, of an answer asked at once", firstBlock],
  ] as const;
  const known = rows.flatMap(([what, milliseconds]) =>
    milliseconds === undefined ? [] : [[what, `${Math.round(milliseconds)}`]],
  );
  return [
    "From the start of the program",
    table(["", "ms"], known),
    ...(note === undefined ? [] : [note]),
  ].join("\n");
}
