import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../errors.ts";

/** Where models are looked for. */
export interface ModelPlaces {
  /** folder of model folders that are called by name */
  readonly models: string;
  /** the model that comes with the program */
  readonly embedded: string;
}

/** What the embedded model is called on a command line. */
export const embeddedName = "embedded";

/**
 * The folder meant by a path or a name; undefined means the embedded model. A path comes first, then a model of
 * that name in `places.models`, then the embedded one.
 * @throws UserError model-missing: lists the names there are
 */
export async function findModelFolder(wanted: string | undefined, places: ModelPlaces): Promise<string> {
  if (wanted === undefined) return places.embedded;
  if (await isFound(wanted)) return path.resolve(wanted);
  const isName = path.basename(wanted) === wanted;
  if (isName && (await isFound(path.join(places.models, wanted)))) return path.join(places.models, wanted);
  if (wanted === embeddedName) return places.embedded;
  throw missing(wanted, isName, places, await modelNames(places));
}

/** Names that findModelFolder knows without a path. */
export async function modelNames(places: ModelPlaces): Promise<string[]> {
  const entries = await readdir(places.models, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith("."));
  return [embeddedName, ...names.map((entry) => entry.name).toSorted()];
}

const isFound = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

function missing(wanted: string, isName: boolean, places: ModelPlaces, names: readonly string[]): UserError {
  const where = isName ? `neither here nor in ${places.models}` : "nothing is there";
  const target = isName ? path.join(places.models, wanted) : wanted;
  return new UserError(
    "model-missing",
    `There is no model ${wanted}: ${where}. Known names: ${names.join(", ")}. ` +
      `Make a model folder with: sdar-chat convert CHECKPOINT ${target}`,
  );
}
