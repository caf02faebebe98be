import { openEngine, type Trace, type TraceStep } from "../engine/index.ts";
import { findModelFolder, loadModelFolder } from "../model/index.ts";
import { modelPlaces, programPaths } from "./paths.ts";
import { decodingFor } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import type { TraceOptions } from "./trace.ts";

/** Decodes in this process (nobody waits at a prompt) and prints the trace. */
export async function trace(model: string, options: TraceOptions): Promise<void> {
  const paths = programPaths();
  const { engine: engineOptions, decoding } = await gatherSettings({ ...options, model }, paths);
  const folder = await loadModelFolder(await findModelFolder(model, modelPlaces(paths)));
  const engine = await openEngine(folder.path, engineOptions);
  try {
    const result = await engine.trace({
      promptIds: options.ids,
      settings: decodingFor(folder.config, decoding),
      ...(options.stopIds !== undefined && { stopTokenIds: options.stopIds }),
    });
    process.stdout.write(`${options.json ? JSON.stringify(result) : traceTable(result)}\n`);
  } finally {
    await engine.close();
  }
}

/** A line a step: each masked position with its token and confidence, an asterisk where it was unmasked. */
function traceTable({ steps, ids, forwards }: Trace): string {
  const counts = Object.entries(forwards).map(([name, count]) => `${name} ${count}`);
  return [...steps.map(stepLine), `ids ${ids.join(",")}`, `forwards ${counts.join(", ")}`].join("\n");
}

function stepLine({ block, step, masked, tokens, confidence, unmasked }: TraceStep): string {
  const slots = masked.map((position, index) => {
    const mark = unmasked.includes(position) ? "*" : " ";
    return `${position}:${tokens[index]} ${confidence[index]?.toFixed(3)}${mark}`;
  });
  return `block ${block} step ${step}  ${slots.join("  ")}`;
}
