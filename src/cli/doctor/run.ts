import { UserError } from "../../errors.ts";
import type { DoctorOptions } from "../doctor.ts";
import { exitCodes } from "../exit-codes.ts";
import { Exit } from "../failure.ts";
import { modelPlaces, programPaths, type ProgramPaths } from "../paths.ts";
import { engineOptions } from "../session.ts";
import { gatherSettings } from "../sources.ts";
import { programVersion } from "../version.ts";
import { problem, reportOf, type Check } from "./check.ts";
import { checkConfigFile, checkWritable } from "./folders.ts";
import { checkNode, checkProcessors } from "./machine.ts";
import { checkModel } from "./model.ts";
import { checkTerminal } from "./terminal.ts";

/**
 * Looks at all that chatting needs and prints what it found.
 * @throws Exit 1 if there is a problem
 */
export async function doctor(options: DoctorOptions): Promise<void> {
  const paths = programPaths();
  const checks = [
    checkNode(),
    ...(await checkSettingsAndModel(options, paths)),
    await checkWritable("data", paths.data, "Conversations will not be saved."),
    await checkWritable("cache", paths.cache, "Every start will read the whole model."),
    ...checkTerminal(process.stdin, process.stdout, process.env),
  ];
  const healthy = checks.every(({ state }) => state !== "problem");
  const report = options.json
    ? JSON.stringify({ version: programVersion, healthy, checks }, undefined, 2)
    : `sdar-chat ${programVersion}\n${reportOf(checks)}`;
  process.stdout.write(`${report}\n`);
  if (!healthy) throw new Exit(exitCodes.failed);
}

async function checkSettingsAndModel(options: DoctorOptions, paths: ProgramPaths): Promise<Check[]> {
  try {
    const chosen = await gatherSettings(options, paths);
    const { model, engine } = chosen;
    const checks = await checkModel(model, modelPlaces(paths), engineOptions(chosen, paths), options.gpu);
    return [await checkConfigFile(paths.configFile.path), checkProcessors(engine.threads), ...checks];
  } catch (error) {
    if (error instanceof UserError) return [problem("settings", error.message)];
    throw error;
  }
}
