import { setTimeout as delay } from "node:timers/promises";
import { performance } from "node:perf_hooks";
import { join } from "node:path";
import { asciicast } from "../src/tui/replay/asciicast.ts";
import { FakeScreen, keys, ownFolders, project, PseudoTerminal } from "../test/real/pseudo-terminal.ts";

export const size = { columns: 80, rows: 20 } as const;

/** What came from the program, and when: seconds since the recording began. */
export interface Recording {
  readonly events: readonly (readonly [at: number, data: string])[];
  readonly seconds: number;
}

/**
 * Shows at most so many steps a second that an eye can follow them; the engine does not wait. The dial would decode one
 * token at a time where guesses do not pay.
 */
const argv = ["--no-save", "--doubt", "off", "--block-length", "4", "--view", "12", "--max-tokens", "90"];
const working = /^(?:block|reading|loading|stopping)/m;

/** A person asks something, turns a knob, and looks at how the answer came about. */
export async function record(question: string): Promise<Recording> {
  const program = join(project, "bin/sdar-chat.js");
  const terminal = new PseudoTerminal(process.execPath, [program, ...argv], {
    ...size,
    env: { ...ownFolders(), COLORTERM: "", LC_ALL: "C.UTF-8", SDAR_CHAT_CONFIG: "" },
  });
  const events: [number, string][] = [];
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  terminal.child.onData((data) => events.push([seconds(), data]));
  const idle = () => terminal.until((window) => /^> /m.test(window) && !working.test(window), 60_000);
  await idle();
  const start = seconds();
  await delay(600);
  for (const key of question) await terminal.press(key);
  await delay(300);
  await terminal.press(keys.enter);
  await delay(2500);
  for (const key of [keys.altUp, keys.altUp]) {
    await terminal.press(key);
    await delay(400);
  }
  await idle();
  await delay(1200);
  await terminal.press("\u000F");
  await delay(1200);
  for (const key of ["[", "[", "[", "[", " "]) {
    await terminal.press(key);
    await delay(500);
  }
  await delay(2500);
  await terminal.press("q");
  await delay(1500);
  const end = seconds();
  terminal.child.kill("SIGTERM");
  await terminal.exit;
  return cutTo(events, start, end);
}

/** What came before the start is there at once. */
function cutTo(events: readonly (readonly [number, string])[], start: number, end: number): Recording {
  const kept = events
    .filter(([at]) => at <= end)
    .map(([at, data]) => [Math.max(0, at - start), data] as const);
  return { events: kept, seconds: end - start };
}

/** As asciinema plays it, to the millisecond. */
export function castOf({ events }: Recording, title: string): string {
  return asciicast(
    size,
    title,
    events.map(([at, data]) => [Number(at.toFixed(3)), data]),
  );
}

/** The screen at each of so many moments a second, in order. */
export async function* screensOf(
  { events, seconds }: Recording,
  perSecond: number,
): AsyncGenerator<FakeScreen, void> {
  const screen = new FakeScreen(size.columns, size.rows);
  let next = 0;
  for (let frame = 0; frame <= seconds * perSecond; frame++) {
    for (; next < events.length && (events[next]?.[0] ?? 0) <= frame / perSecond; next++)
      await screen.write(events[next]?.[1] ?? "");
    yield screen;
  }
}
