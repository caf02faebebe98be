import { access, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import { ok, warning, type Check } from "./check.ts";

/** Where settings may be kept; the file was read before, so it is right if it is there. */
export async function checkConfigFile(file: string): Promise<Check> {
  if (file === "") return ok("settings", "SDAR_CHAT_CONFIG is empty: no configuration file is read");
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return ok("settings", isThere ? file : `no configuration file; it would be ${file}`);
}

/**
 * Whether files can be written in a folder, which need not exist yet: one is written and taken away again, for
 * permissions alone do not tell (a read-only disk, a superuser). Folders made for that are taken away too.
 */
export async function checkWritable(
  name: "data" | "cache",
  folder: string,
  drawback: string,
  system: NodeJS.Platform = process.platform,
): Promise<Check> {
  try {
    const made = makeFolder(folder);
    const probe = path.join(folder, `.probe-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe);
    if (made !== undefined) await removeEmpty(folder, made);
    return ok(name, folder);
  } catch (error) {
    const text = `${folder} cannot be written: ${messageOf(error)}`;
    const variable = variableFor(name, system);
    const orElse = variable === undefined ? "" : `, or name another folder with ${variable}`;
    return warning(name, text, `${drawback} Make that path writable${orElse}.`);
  }
}

/** The variable that moves such a folder, as env-paths reads them; macOS has none. */
function variableFor(name: "data" | "cache", system: NodeJS.Platform): string | undefined {
  if (system === "darwin") return undefined;
  return system === "win32" ? "LOCALAPPDATA" : `XDG_${name.toUpperCase()}_HOME`;
}

/** Removes `folder` and its parents up to `top`, all of them just made and empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  await rmdir(folder);
  if (path.resolve(folder) !== path.resolve(top)) await removeEmpty(path.dirname(folder), top);
}
