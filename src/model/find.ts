import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { absolutePath } from "../absolute-path.ts";
import { UserError } from "../errors.ts";

/** Where models are looked for. */
export interface ModelPlaces {
  /** folder of model folders that are called by name */
  readonly models: string;
  /** the model that comes with the program */
  readonly embedded: string;
}

/** A model that is called by name. */
export interface KnownModel {
  readonly name: string;
  /** absolute */
  readonly path: string;
}

/** What the embedded model is called on a command line. */
export const embeddedName = "embedded";

/**
 * The folder meant by a path (`~/` is the home folder) or a name; undefined means the embedded model. A path comes first, then a model of
 * that name in `places.models`, then the embedded one.
 * @throws UserError model-missing: lists the names there are
 */
export async function findModelFolder(wanted: string | undefined, places: ModelPlaces): Promise<string> {
  if (wanted === undefined) return places.embedded;
  const place = absolutePath(wanted);
  if (await isFound(place)) return place;
  const isName = path.basename(wanted) === wanted;
  if (isName && (await isFound(path.join(places.models, wanted)))) return path.join(places.models, wanted);
  if (wanted === embeddedName) return places.embedded;
  throw missing(wanted, isName, places, await knownModels(places));
}

/** The models that findModelFolder finds without a path. */
export async function knownModels({ models, embedded }: ModelPlaces): Promise<KnownModel[]> {
  const entries = await readdir(models, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith("."));
  const names = folders.map(({ name }) => name).toSorted();
  return [
    { name: embeddedName, path: embedded },
    ...names.map((name) => ({ name, path: path.join(models, name) })),
  ];
}

const isFound = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

function missing(
  wanted: string,
  isName: boolean,
  places: ModelPlaces,
  known: readonly KnownModel[],
): UserError {
  const names = known.map(({ name }) => name).join(", ");
  const where = isName ? `neither here nor in ${places.models}` : "nothing is there";
  const target = isName ? path.join(places.models, wanted) : wanted;
  return new UserError(
    "model-missing",
    `There is no model ${wanted}: ${where}. Known names: ${names}. ` +
      `Make a model folder with: sdar-chat convert CHECKPOINT ${target}`,
  );
}
