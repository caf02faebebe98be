import {
  openEngine,
  type SpeculativePass,
  type SpeculativeTrace,
  type Trace,
  type TraceStep,
} from "../engine/index.ts";
import { findModelFolder, loadModelFolder } from "../model/index.ts";
import { sayDeviceNote } from "./device-note.ts";
import { modelPlaces, programPaths } from "./paths.ts";
import { engineOptions } from "./session.ts";
import { decodingFor } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import type { TraceOptions } from "./trace.ts";

/** Decodes in this process (nobody waits at a prompt) and prints the trace. */
export async function trace(model: string, options: TraceOptions): Promise<void> {
  const paths = programPaths();
  const chosen = await gatherSettings({ ...options, model }, paths);
  const folder = await loadModelFolder(await findModelFolder(model, modelPlaces(paths)));
  const engine = await openEngine(folder.path, engineOptions(chosen, paths));
  sayDeviceNote(chosen, engine);
  try {
    // A trace says what given settings do; the dial would go by the clock.
    const settings = { ...decodingFor(folder.config, chosen.decoding), doubt: "off" } as const;
    const request = {
      promptIds: options.ids,
      settings,
      ...(options.stopIds !== undefined && { stopTokenIds: options.stopIds }),
    };
    const result =
      settings.strategy === "self_speculative"
        ? await engine.traceSpeculation(request)
        : await engine.trace(request);
    process.stdout.write(`${options.json ? JSON.stringify(result) : traceTable(result)}\n`);
  } finally {
    await engine.close();
  }
}

/** A line a step, the ids, the counts. */
function traceTable(result: Trace | SpeculativeTrace): string {
  const [lines, counts] =
    "passes" in result
      ? [result.passes.map(passLine), `counts ${countsText(result.counts)}`]
      : [result.steps.map(stepLine), `forwards ${countsText(result.forwards)}`];
  return [...lines, `ids ${result.ids.join(",")}`, counts].join("\n");
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

/** Each masked position with its token and confidence, an asterisk where it was unmasked. */
function stepLine({ block, step, masked, tokens, confidence, unmasked }: TraceStep): string {
  const slots = masked.map((position, index) => {
    const mark = unmasked.includes(position) ? "*" : " ";
    return `${position}:${tokens[index]} ${confidence[index]?.toFixed(3)}${mark}`;
  });
  return `block ${block} step ${step}  ${slots.join("  ")}`;
}

/** Each checked position with its token and confidence, an asterisk where it joined the text; then the next drafts. */
function passLine({ start, verified, confidence, tokens, proposed }: SpeculativePass): string {
  const slots = verified.map((token, index) => {
    const mark = index < tokens.length ? "*" : " ";
    return `${start + index}:${token} ${confidence[index]?.toFixed(3)}${mark}`;
  });
  const drafts = proposed.length === 0 ? [] : [`drafts ${proposed.join(",")}`];
  return [`pass at ${start}`, ...slots, ...drafts].join("  ");
}
