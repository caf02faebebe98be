import type { Size } from "../paint/paint.ts";

/** What the terminal is sent, and when: seconds since the beginning. */
export type CastEvent = readonly [at: number, data: string];

/** A recording as asciinema plays it: asciicast, version 2 (docs.asciinema.org). */
export function asciicast({ columns, rows }: Size, title: string, events: readonly CastEvent[]): string {
  const header = { version: 2, width: columns, height: rows, title };
  const lines = events.map(([at, data]) => [at, "o", data]);
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}
