import { readConfigFile } from "./config-file.ts";
import { environmentLayer } from "./environment.ts";
import { commandLineLayer } from "./options.ts";
import type { ProgramPaths } from "./paths.ts";
import { chooseSettings, type ChosenSettings } from "./settings.ts";

/**
 * Asks every source once: configuration file, environment, parsed options.
 * @throws UserError usage
 */
export async function gatherSettings(
  options: Readonly<Record<string, unknown>>,
  paths: ProgramPaths,
): Promise<ChosenSettings> {
  const commandLine = commandLineLayer(options);
  const environment = environmentLayer(process.env);
  return chooseSettings([await readConfigFile(paths.configFile), environment, commandLine]);
}
