import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import { FallbackGraph } from "../graph/fallback-graph.ts";
import { openGraph } from "../graph/onnx-graph.ts";
import { floatsOf, openAdapter, type OpenedAdapter } from "../graph/webgpu-adapter.ts";
import { DeviceCheck } from "./device-check.ts";
import { chooseDevice, chooseFloats, memoryNeeded, refusalOf } from "./device-choice.ts";
import type { OpenedDevice } from "./open-device.ts";

/** Rows of a pass that a device may show to be right. */
const mostRows = 128;

/**
 * The model on the machine's GPU, in the floats in which that is right and quicker, or on the CPU where something speaks
 * against the GPU. What does is heard before the weights go there.
 * @throws UserError engine (no adapter, not enough memory), model-invalid
 */
export async function openGpu(folder: ModelFolder, options: EngineOptions): Promise<OpenedDevice> {
  const opened = await openAdapter(folder, mostRows);
  try {
    return await choose(folder, options, opened);
  } finally {
    await opened.close();
  }
}

async function choose(
  folder: ModelFolder,
  options: EngineOptions,
  { adapter, load }: OpenedAdapter,
): Promise<OpenedDevice> {
  const cpu = async () => await openGraph(folder, options);
  const named = options.device === "webgpu";
  const refusals = floatsOf(folder).map((floats) => ({
    floats,
    refusal: named ? undefined : refusalOf(adapter, memoryNeeded(folder, floats)),
  }));
  const checks = refusals
    .filter(({ refusal }) => refusal === undefined)
    .map(({ floats }) => new DeviceCheck(folder, options, adapter, floats));
  const verdicts = [];
  for (const check of checks) verdicts.push({ check, verdict: await check.verdict(load) });
  const best = chooseFloats(verdicts, folder.config);
  if (best === undefined) return { graph: await cpu(), adapter, reason: refusals[0]?.refusal ?? "" };
  const { check, verdict, whyNotHalf } = best;
  const { use, reason } = chooseDevice(verdict, adapter, folder.config, named);
  const examination = { floats: check.floats, verdict, ...(whyNotHalf !== undefined && { whyNotHalf }) };
  const found = { adapter, reason, check: examination };
  if (!use || verdict.kind !== "right") return { ...found, graph: await cpu() };
  const device = await check.open(load);
  device.mostRows = verdict.rows;
  return { ...found, graph: new FallbackGraph(device, cpu) };
}
