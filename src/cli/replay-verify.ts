import { verifyTurn, type RecordedTurn, type Verdict } from "../chat/index.ts";
import { openEngine, type EngineInfo, type LocalEngine } from "../engine/index.ts";
import { UserError } from "../errors.ts";
import { openTokenizer, type ModelFolder } from "../model/index.ts";
import { sayDeviceNote } from "./device-note.ts";
import { exitCodes } from "./exit-codes.ts";
import { Exit } from "./failure.ts";
import { programPaths } from "./paths.ts";
import { ProgressLine } from "./progress-line.ts";
import type { ReplayCommandOptions } from "./replay.ts";
import { openSource, sayOtherModel, type ReplaySource } from "./replay-source.ts";
import { placeOf, verdictText, type Circumstances, type Report } from "./replay-report.ts";
import { engineOptions, openFolder } from "./session.ts";
import { gatherSettings } from "./sources.ts";
import { programVersion } from "./version.ts";

/**
 * Decodes a saved conversation again, in this process (nobody waits at a prompt).
 * @throws Exit 1 if a step differs
 */
export async function verify(file: string, options: ReplayCommandOptions): Promise<void> {
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const source = await openSource(file, paths);
  const turns = chooseTurns(source, options.answer);
  const folder = await openFolder(chosen, paths);
  sayOtherModel(source, folder);
  const engine = await openEngine(folder.path, engineOptions(chosen, paths));
  sayDeviceNote(chosen, engine);
  try {
    await warmUp(source, turns, engine);
    const result = await verifyAll(turns, engine);
    const report = await reportOf(result, source, folder, engine.info);
    process.stdout.write(`${options.json ? JSON.stringify(report) : verdictText(report)}\n`);
    if (!report.same) throw new Exit(exitCodes.failed);
  } finally {
    await engine.close();
  }
}

interface NumberedTurn {
  /** counted from 1 */
  readonly number: number;
  readonly turn: RecordedTurn;
}

/** The answer that was asked for, or all that have a step. */
function chooseTurns({ turns, path }: ReplaySource, wanted: number | undefined): NumberedTurn[] {
  const all = turns.map((turn, index) => ({ number: index + 1, turn }));
  const chosen = all.filter(({ number, turn }) =>
    wanted === undefined ? stepsOf(turn) > 0 : number === wanted,
  );
  if (chosen.length > 0) return chosen;
  if (wanted === undefined)
    throw new UserError("usage", `Nothing was decoded in ${path}: there is no step to verify.`);
  const count = turns.length === 1 ? "one answer" : `${turns.length} answers`;
  throw new UserError("usage", `There is no answer ${wanted}: the conversation has ${count}.`);
}

const stepsOf = ({ events }: RecordedTurn) => events.filter((event) => event.type === "denoised").length;

/** Decodes the answers before a chosen one too: it found them in its cache, which at 8 bits shows in its numbers. */
async function warmUp(
  { turns: all }: ReplaySource,
  chosen: readonly NumberedTurn[],
  engine: LocalEngine,
): Promise<void> {
  for (const turn of all.slice(0, (chosen[0]?.number ?? 1) - 1)) {
    if (stepsOf(turn) > 0) await verifyTurn(turn, engine);
  }
}

interface Result {
  readonly answers: number;
  readonly steps: number;
  /** of the answer that differs */
  readonly last?: NumberedTurn & { readonly verdict: Verdict };
}

async function verifyAll(turns: readonly NumberedTurn[], engine: LocalEngine): Promise<Result> {
  const progress = new ProgressLine(process.stderr);
  const total = turns.reduce((sum, { turn }) => sum + stepsOf(turn), 0);
  let steps = 0;
  for (const [answers, each] of turns.entries()) {
    const verdict = await verifyTurn(each.turn, engine, () => progress.show(++steps / total));
    if (verdict.difference === undefined) continue;
    progress.clear();
    return { answers, steps, last: { ...each, verdict } };
  }
  progress.clear();
  return { answers: turns.length, steps };
}

async function reportOf(
  { answers, steps, last }: Result,
  { header }: ReplaySource,
  folder: ModelFolder,
  { device, threads }: EngineInfo,
): Promise<Report> {
  const was: Circumstances = {
    program: [header.program.version, header.program.build].filter(Boolean).join(" "),
    model: header.model.name,
    weights: header.model.weights,
    device: header.device,
    threads: header.threads,
  };
  const is = {
    program: programVersion,
    model: folder.config.name,
    weights: folder.weightsHash,
    device,
    threads,
  };
  if (last?.verdict.difference === undefined) return { same: true, answers, steps, was, is };
  const tokens = await openTokenizer(folder);
  const difference = placeOf(last.turn, last.number, last.verdict.difference, tokens);
  return { same: false, answers, steps, was, is, difference, reused: last.verdict.reused };
}
