import { expect, test } from "vitest";
import { goldenModel } from "../golden/models.ts";
import { goldenTraces, speculativeTraces, type GoldenTrace } from "../golden/traces.ts";
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();

function flagsOf({ prompt, settings }: Pick<GoldenTrace, "prompt" | "settings">): string[] {
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
    "top-p": settings.top_p,
    seed: settings.seed,
    "draft-threshold": settings.draft_threshold,
    "lookahead-threshold": settings.lookahead_threshold,
    "hedge-threshold": settings.hedge_threshold,
    "prompt-lookup": 0,
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

/** Drawn, with a stop token, and in both forms of model. */
const guessed = speculativeTraces("self-speculative").filter(({ id }) =>
  ["dense-tiny-self-17-b16-stop-inside", "dense-tiny-tied-self-06-b8-sampled"].includes(id),
);
const carried = speculativeTraces("carry")
  .filter(({ settings }) => settings.top_k === 0)
  .slice(0, 1);

test.each([...guessed, ...carried])(
  "trace --json prints $id as the reference guesses and checks it",
  async (golden) => {
    const model = await goldenModel(golden.model);
    const { code, stdout, stderr } = await runProgram(home, ["trace", model, ...flagsOf(golden), "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const trace: unknown = JSON.parse(stdout);
    expect(trace).toMatchObject({
      prompt: golden.prompt,
      settings: { strategy: "self_speculative", seed: golden.settings.seed },
      passes: golden.passes.map((pass) => ({
        ...pass,
        confidence: close(pass.confidence),
        ahead_confidence: close(pass.ahead_confidence),
      })),
      ids: golden.ids,
      stopped: golden.stopped,
      counts: { passes: golden.passes.length },
    });
  },
);

test("without --json a trace of self_speculative is a line a pass, with the next drafts", async () => {
  const model = await goldenModel("dense-tiny");
  const asked = ["--ids", "98,489,358", "--stop-ids", "none", "--max-tokens", "6", "--draft-threshold", "0"];
  const { code, stdout } = await runProgram(home, [
    "trace",
    model,
    "--strategy",
    "self_speculative",
    ...asked,
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^pass at 3 {2}3:\d+ 0\.\d{3}\* {2}drafts \d+(,\d+)*\n(pass at .*\n)+ids 98,489,358,.*\ncounts prefill_rows 2, passes /,
  );
});

test("--help says what each letter of kinds stands for", async () => {
  const { stdout } = await runProgram(home, ["trace", "--help"]);
  const meanings = /kinds has a letter a row: ([^.]*)\./.exec(stdout)?.[1]?.split(/,\s+/) ?? [];
  expect(meanings.map((each) => each[0])).toEqual(["k", "d", "v", "a", "h"]);
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
