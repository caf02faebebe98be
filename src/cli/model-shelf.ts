import { UserError } from "../errors.ts";
import { findModelFolder, knownModels, loadModelFolder } from "../model/index.ts";
import type { ModelShelf } from "../tui/index.ts";
import { modelPlaces, type ProgramPaths } from "./paths.ts";
import { openSession } from "./session.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";

export interface ProgramShelf extends ModelShelf {
  /** a model is being loaded that nobody has yet */
  readonly isOpening: () => boolean;
}

/** The models that this program finds by name, for a chat that goes on with another one. */
export function modelShelf(chosen: ChosenSettings, paths: ProgramPaths): ProgramShelf {
  let opening = 0;
  return {
    isOpening: () => opening > 0,
    known: () => knownModels(modelPlaces(paths)),
    open: async (name, { model, settings }) => {
      const folder = await loadModelFolder(await findModelFolder(name, modelPlaces(paths)));
      if (folder.weightsHash === model.folder.weightsHash)
        throw new UserError("usage", `${folder.config.name} is the model in use.`);
      opening++;
      const session = await openSession(folder, chosen, paths).finally(() => opening--);
      const before = decodingFor(model.folder.config, chosen.decoding);
      const after = decodingFor(folder.config, chosen.decoding);
      return { ...session, settings: carriedOver(settings(), before, after) };
    },
  };
}

/** What was turned by hand stays; what stood at the old model's defaults goes to the new one's. */
function carriedOver<Settings extends object>(now: Settings, before: Settings, after: Settings): Settings {
  const usual = new Map<string, unknown>(Object.entries(before));
  const turned = Object.entries(now).filter(([name, value]) => usual.get(name) !== value);
  return { ...after, ...Object.fromEntries(turned) };
}
