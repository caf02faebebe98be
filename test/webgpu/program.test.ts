import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ask, chatWith, openTiny } from "../chat/chats.ts";
import { pathOf, saving } from "../chat/transcripts.ts";
import { runProgram, scratchFolder } from "../cli/program.ts";
import { tinyChatModel } from "../cli/tiny-model.ts";
import { useAdapter } from "./software-adapter.ts";

const { missing, where } = useAdapter("SwiftShader");
const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const noDriver = { VK_ICD_FILENAMES: "/nowhere", VK_DRIVER_FILES: "/nowhere" };

test("cuda and directml are refused with the reason", async () => {
  const { code, stderr } = await runProgram(home, ["ask", "--model", model, "--device", "cuda", "Hi"]);
  expect(code).toBe(2);
  expect(stderr).toContain('must be one of auto | cpu | webgpu, not "cuda": through it the keys and values');
});

describe.skipIf(missing !== undefined)(`the program, ${where}`, { timeout: 600_000 }, () => {
  test("without a driver --device webgpu says what is missing, and doctor --gpu warns", async () => {
    const asked = await runProgram(home, ["ask", "--model", model, "--device", "webgpu", "Hi"], {
      env: noDriver,
    });
    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr).toContain("No GPU that WebGPU can use was found");
    const { stdout, code } = await runProgram(home, ["doctor", "--gpu", "--model", model], { env: noDriver });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nwarning +gpu +No GPU that WebGPU can use was found/);
  });

  test("doctor --gpu tells adapter, check and times, and ask answers there as it does on the CPU", async () => {
    const { stdout } = await runProgram(home, ["doctor", "--gpu", "--model", model]);
    expect(stdout).toMatch(/\nok +gpu +SwiftShader \(Vulkan in software\); computes in software/);
    expect(stdout).toMatch(/\nok +gpu numbers +32-bit floats: it has no 16-bit floats/);
    expect(stdout).toMatch(/\nok +gpu check +right: \S+ nats from the reference; up to 31 rows a pass/);
    expect(stdout).toMatch(/\nok +gpu passes +milliseconds by rows.*: 1: [\d.]+ \([\d.]+\), 4: /);
    const askOn = (device: string) =>
      runProgram(home, ["ask", "--model", model, "--device", device, "--max-tokens", "6", "Hi"]);
    const [gpu, cpu] = [await askOn("webgpu"), await askOn("cpu")];
    expect(gpu).toMatchObject({ code: 0, stdout: cpu.stdout });
  });

  test("what is remembered of a GPU counts for every command, and each says why the CPU computes instead", async () => {
    const own = scratchFolder();
    const conversation = chatWith(await openTiny("carry-tiny"), { save: await saving() });
    await ask(conversation, "Hi");
    const onGpu = ["--device", "webgpu"];
    const few = [...onGpu, "--max-tokens", "6"];
    const trace = ["trace", model, "--ids", "98,489", ...few];
    const memory = path.join(own, "cache", "sdar-chat", "devices.json");
    const first = await runProgram(own, trace);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const known: Record<string, { kind: string }> = JSON.parse(readFileSync(memory, "utf8"));
    expect(Object.values(known).map(({ kind }) => kind)).toContain("right");
    const wrong = Object.keys(known).map((key) => [key, { kind: "wrong", why: "it dreams" }]);
    writeFileSync(memory, JSON.stringify(Object.fromEntries(wrong)));
    for (const command of [
      trace,
      ["ask", "--model", model, ...few, "Hi"],
      ["compare", "now", "now", "--model", model, ...few, "Hi"],
      ["replay", pathOf(conversation), "--verify", "--model", model, ...onGpu],
    ]) {
      const { code, stderr } = await runProgram(own, command);
      expect(code).toBe(0);
      expect(stderr).toContain("sdar-chat: on the CPU. SwiftShader is not used: it dreams.\n");
    }
  });
});
