import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { timeFirstFrame } from "../../src/cli/bench/first-frame.ts";
import { built, program } from "../real/program.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const { signal } = new AbortController();

/** The chat's environment is that of the process that times it. */
function environment(more: Readonly<Record<string, string>> = {}): void {
  const clean: Readonly<Record<string, string | undefined>> = cleanEnvironment(home, more);
  const names = new Set([...Object.keys(process.env), ...Object.keys(clean)]);
  for (const name of names) vi.stubEnv(name, clean[name]);
}

afterEach(() => vi.unstubAllEnvs());

test.skipIf(!built).each([{ ACCESSIBLE: "1" }, { SDAR_CHAT_SCREEN_READER: "true" }])(
  "where %j asks for lines a chat is told to draw its first frame all the same",
  async (asked) => {
    environment(asked);
    const model = await tinyChatModel("carry-tiny", path.join(home, Object.keys(asked).join("")));
    expect(await timeFirstFrame([program, "--model", model], signal)).toBeGreaterThan(0);
  },
);

test.skipIf(!built)("a chat that ends before its first frame is not waited for", async () => {
  environment();
  const ending = timeFirstFrame([program, "--model", path.join(home, "nowhere")], signal);
  await expect(ending).rejects.toThrow(
    "the chat ended before it drew one, exit code 3: start it to see why.",
  );
});

test("a signal ends the wait for a chat that draws nothing", async () => {
  const silent = path.join(home, "silent.js");
  writeFileSync(silent, "setInterval(() => {}, 1000);");
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 500);
  await expect(timeFirstFrame([silent], stop.signal)).rejects.toThrow("enough");
});
