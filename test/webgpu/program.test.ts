import { describe, expect, test } from "vitest";
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
    const ask = (device: string) =>
      runProgram(home, ["ask", "--model", model, "--device", device, "--max-tokens", "6", "Hi"]);
    const [gpu, cpu] = [await ask("webgpu"), await ask("cpu")];
    expect(gpu).toMatchObject({ code: 0, stdout: cpu.stdout });
  });
});
