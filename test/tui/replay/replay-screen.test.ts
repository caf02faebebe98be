import { existsSync } from "node:fs";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { chooseDisplay } from "../../../src/tui/display.ts";
import { ReplayScreen } from "../../../src/tui/replay/replay-screen.ts";
import { temporaryFolder } from "../../model/folders.ts";
import { reading } from "../markdown/markdowns.ts";
import { keyboardInput, Output } from "../terminals.ts";
import { replayOfScript, script } from "./replays.ts";

/** Waits as real time goes by. */
async function passed(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

test("a recording that is written when the replay was left does not set it going again", async () => {
  const [folder, before] = [await temporaryFolder(), process.cwd()];
  process.chdir(folder);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
    process.chdir(before);
  });
  const input = keyboardInput();
  let isLeft = false;
  const display = chooseDisplay({ TERM: "xterm" }, 4, {});
  const screen = new ReplayScreen({
    replay: replayOfScript(script),
    display,
    reading: { ...reading, color: false },
    input,
    output: new Output(),
    leaving: () => (isLeft = true),
  });
  const [play, write, leave] = [" ", "w", "q"];
  await turn();
  input.write(`${play}${write}${leave}`);
  await passed(() => isLeft);
  await screen.left;
  const waiting = vi.getTimerCount();
  await passed(() => existsSync(path.join(folder, "replay-1.cast")));
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(vi.getTimerCount()).toBe(waiting);
});
