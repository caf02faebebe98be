/**
 * Evaluates a model against its original: npm run eval:model -- --base FOLDER [--model FOLDER] [--checkpoint FOLDER].
 * Every finished part is kept in --out: a run that was stopped goes on where it was. See docs/model.md.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../src/errors.ts";
import { readData } from "./data.ts";
import { identities, modelFolders } from "./models.ts";
import { nameOf, partsOf, type Extent } from "./plan.ts";
import { report } from "./report.ts";
import { Results } from "./results.ts";
import { summarize } from "./summary.ts";
import { Worker } from "./work.ts";

const usage = `Usage: npm run eval:model -- --base FOLDER [options]

  --base FOLDER        checkpoint of the original (assets/recipe: python -m blockdiff base)
  --model FOLDER       model folder to evaluate as it is (default, without --checkpoint: assets/embedded)
  --checkpoint FOLDER  its checkpoint: adds 32-bit floats and 4-bit; without --model also makes the 8-bit file
  --out FOLDER         where models, results and summary.json are kept (default: eval)
  --quick              a tenth of the data, and only the ways that matter most
  --fewer-ways         all of the data, and only those ways
  --minutes N          stop after so many minutes; the same command goes on
  --report             only print what is there`;

const { values: options } = parseArgs({
  options: {
    base: { type: "string" },
    model: { type: "string" },
    checkpoint: { type: "string" },
    out: { type: "string", default: "eval" },
    quick: { type: "boolean", default: false },
    "fewer-ways": { type: "boolean", default: false },
    minutes: { type: "string", default: "Infinity" },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function evaluate(base: string): Promise<void> {
  const { checkpoint, out } = options;
  const model =
    options.model ?? (checkpoint === undefined ? path.join(import.meta.dirname, "../embedded") : undefined);
  const sources = {
    base,
    ...(model === undefined ? {} : { model }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
  const folders = await modelFolders(sources, path.join(out, "models"));
  const data = readData();
  const models = await identities(folders);
  const results = new Results(path.join(out, "parts"), { data: data.hashes, models });
  const parts = partsOf([...folders.keys()], extent());
  const due = parts.filter((part) => !results.has(part));
  if (!options.report) await doParts(due, parts.length, () => Worker.open(data, folders, results));
  const left = parts.filter((part) => !results.has(part)).length;
  if (left > 0)
    console.error(`${left} of ${parts.length} parts are left: run the same command again to go on.`);
  if (left > 0 && !options.report) return;
  const summary = summarize(data, results, parts);
  await writeFile(path.join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  console.log(report(summary));
}

function extent(): Extent {
  if (options.quick) return "quick";
  return options["fewer-ways"] ? "fewer ways" : "whole";
}

async function doParts(
  due: ReturnType<typeof partsOf>,
  of: number,
  open: () => Promise<Worker>,
): Promise<void> {
  if (due.length === 0) return;
  const worker = await open();
  const until = performance.now() + 60_000 * Number(options.minutes);
  for (const [index, part] of due.entries()) {
    if (performance.now() > until) break;
    const started = performance.now();
    await worker.do(part);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.error(`${of - due.length + index + 1} of ${of}: ${nameOf(part)} (${seconds} s)`);
  }
  await worker.close();
}

if (options.help || options.base === undefined) {
  console.error(usage);
  process.exitCode = options.help ? 0 : 2;
} else {
  try {
    await evaluate(options.base);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
