import {
  openEngineProcess,
  type Adapter,
  type EngineOptions,
  type Examination,
  type Verdict,
} from "../../engine/index.ts";
import { messageOf } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import { sizeText } from "../../size-text.ts";
import { ok, warning, type Check } from "./check.ts";

/** Opens the GPU as `--device webgpu` does, checks its numbers whatever is remembered, and measures it. */
export async function checkGpu({ path }: ModelFolder, options: EngineOptions): Promise<Check[]> {
  const named = { ...options, device: "webgpu" } as const;
  try {
    // A driver may end the process in 16-bit floats: the mark that it leaves then lets the second try begin behind them.
    const anew = openEngineProcess(path, { ...named, deviceCheck: "anew" });
    const engine = await anew.catch(async () => await openEngineProcess(path, named));
    const { adapter, deviceCheck } = engine.info;
    await engine.close();
    if (adapter === undefined || deviceCheck === undefined) throw new Error("the engine opened no GPU");
    return gpuReport(adapter, deviceCheck);
  } catch (error) {
    return [warning("gpu", messageOf(error), "Chatting works on the CPU.")];
  }
}

/** What is known of an adapter. ONNX Runtime keeps its features to itself: that of 16-bit floats shows when they are used. */
export function gpuReport(adapter: Adapter, { floats, verdict, whyNotHalf }: Examination): Check[] {
  const half = whyNotHalf ?? "the model folder has no graph for 16";
  const numbers = floats === "float16" ? "16-bit floats" : `32-bit floats: ${half}`;
  const computing = verdict.kind === "right" ? [ok("gpu numbers", numbers)] : [];
  return [describe(adapter), ...computing, ...resultOf(verdict)];
}

function describe({ name, driver, software, memoryBytes }: Adapter): Check {
  const memory = memoryBytes === undefined ? "memory unknown" : `${sizeText(memoryBytes)} of memory`;
  const use = software ? "; computes in software, so only --device webgpu uses it" : `, ${memory}`;
  return ok("gpu", `${name} (${driver})${use}`);
}

function resultOf(verdict: Verdict): Check[] {
  if (verdict.kind !== "right") {
    const why = verdict.kind === "wrong" ? verdict.why : "its check did not come back";
    return [warning("gpu check", why, "It is not used. Update its driver, and report this.")];
  }
  const { divergence, rows, device, cpu } = verdict;
  const nats = divergence.toExponential(1);
  const times = device.map(([count, milliseconds], index) => {
    const here = cpu[index]?.[1] ?? Number.NaN;
    return `${count}: ${milliseconds.toFixed(1)} (${here.toFixed(1)})`;
  });
  return [
    ok("gpu check", `right: ${nats} nats from the reference; up to ${rows} rows a pass`),
    ok("gpu passes", `milliseconds by rows, in brackets the CPU's: ${times.join(", ")}`),
  ];
}
