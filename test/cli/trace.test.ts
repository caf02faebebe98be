import { expect, test } from "vitest";
import { goldenModel } from "../golden/models.ts";
import { goldenTraces, type GoldenTrace } from "../golden/traces.ts";
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();

function flagsOf({ prompt, settings }: GoldenTrace): string[] {
  const flags = {
    ids: prompt,
    "stop-ids": settings.stop_token_ids.length === 0 ? "none" : settings.stop_token_ids,
    strategy: settings.strategy,
    "block-length": settings.block_length,
    "denoising-steps": settings.denoising_steps ?? "block_length",
    threshold: settings.confidence_threshold,
    "entropy-budget": settings.eb_threshold,
    temperature: settings.temperature,
    "top-k": settings.top_k,
    "max-tokens": settings.gen_length,
  };
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

const close = (values: readonly number[]) => values.map((value): unknown => expect.closeTo(value, 3));

/** A trace of each strategy, one that stops if there is one. */
function chosenTraces(): GoldenTrace[] {
  const traces = goldenTraces("dense-tiny").toSorted((a, b) => Number(b.stopped) - Number(a.stopped));
  return [...new Map(traces.toReversed().map((trace) => [trace.settings.strategy, trace])).values()];
}

test.each(chosenTraces())("trace --json prints $id as the official code decodes it", async (golden) => {
  const model = await goldenModel("dense-tiny");
  const { code, stdout, stderr } = await runProgram(home, ["trace", model, ...flagsOf(golden), "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  const trace: unknown = JSON.parse(stdout);
  expect(trace).toMatchObject({
    prompt: golden.prompt,
    settings: { strategy: golden.settings.strategy, gen_length: golden.settings.gen_length },
    steps: golden.steps.map((step) => ({
      ...step,
      confidence: close(step.confidence),
      ...(step.entropy && { entropy: close(step.entropy) }),
    })),
    ids: golden.ids,
    stopped: golden.stopped,
  });
});

test("without --json a trace is a line a step", async () => {
  const model = await goldenModel("dense-tiny");
  const args = [
    "trace",
    model,
    "--ids",
    "98,489,358",
    "--stop-ids",
    "none",
    "--max-tokens",
    "4",
    "--strategy",
    "sequential",
  ];
  const { code, stdout } = await runProgram(home, args);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^block 0 step 0 {2}3:\d+ 0\.\d{3}\*\n(block 1 step .*\n)+ids 98,489,358,.*\nforwards prefill 0, denoise 5, /,
  );
});

test("ids outside the vocabulary are refused in one line", async () => {
  const model = await goldenModel("dense-tiny");
  const { code, stderr } = await runProgram(home, ["trace", model, "--ids", "512"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^sdar-chat: .*512.*\n$/);
});
