import { messageOf } from "../../errors.ts";
import type { ModelConfig, ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import { FallbackGraph } from "../graph/fallback-graph.ts";
import { openGraph } from "../graph/onnx-graph.ts";
import { floatsOf, openAdapter, type OpenedAdapter } from "../graph/webgpu-adapter.ts";
import { DeviceCheck } from "./device-check.ts";
import { chooseDevice, chooseFloats, isUsable, memoryNeeded, refusalOf } from "./device-choice.ts";
import type { OpenedDevice } from "./open-device.ts";
import { passTimes } from "./pass-times.ts";
import type { PassTimes, Verdict } from "./verdicts.ts";

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
  const refused = refusals.find(({ refusal }) => refusal !== undefined)?.refusal;
  const cpuTimes = onCpu(folder, options);
  const best = chooseFloats(await examine(checks, load, cpuTimes, folder.config), folder.config);
  if (best === undefined) return { graph: await cpu(), adapter, reason: refused ?? "" };
  const { check, verdict, whyNotHalf } = best;
  const { use, reason } = chooseDevice(verdict, adapter, folder.config, named);
  const examination = { floats: check.floats, verdict, ...(whyNotHalf !== undefined && { whyNotHalf }) };
  const found = { adapter, check: examination };
  if (!isUsable(verdict, folder.config)) return { ...found, reason: refused ?? reason, graph: await cpu() };
  if (!use) return { ...found, reason, graph: await cpu() };
  const device = await check.open(load);
  device.mostRows = verdict.rows;
  return { ...found, reason, graph: new FallbackGraph(device, cpu) };
}

/** Times of passes on the CPU, measured once. */
function onCpu(folder: ModelFolder, options: EngineOptions): () => Promise<PassTimes> {
  const measure = async () => {
    const graph = await openGraph(folder, options);
    try {
      return await passTimes(graph, folder.config);
    } finally {
      await graph.close();
    }
  };
  let times: Promise<PassTimes> | undefined;
  return () => (times ??= measure());
}

/**
 * How the device does in each of the floats. It may fail in some of them and not in others; then that is remembered, for
 * it would fail again at every start.
 * @throws UserError the last failure, where it can be used in none
 */
async function examine(
  checks: readonly DeviceCheck[],
  load: OpenedAdapter["load"],
  cpuTimes: () => Promise<PassTimes>,
  config: ModelConfig,
) {
  const examined: { check: DeviceCheck; verdict: Verdict }[] = [];
  let failure: unknown;
  for (const check of checks) {
    try {
      examined.push({ check, verdict: await check.verdict(load, cpuTimes) });
    } catch (error) {
      failure = error;
      examined.push({ check, verdict: { kind: "wrong", why: messageOf(error) } });
    }
  }
  const isOfUse = examined.some(({ verdict }) => isUsable(verdict, config));
  if (!isOfUse && failure !== undefined) throw failure;
  if (isOfUse)
    for (const { check, verdict } of examined) if (verdict.kind === "wrong") check.remember(verdict);
  return examined;
}
