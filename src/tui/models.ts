import type { LoadedModel } from "../chat/index.ts";
import type { DecodingSettings } from "../engine/index.ts";
import type { KnownModel, ModelConfig } from "../model/index.ts";

/** What a person is told of a model. */
export interface ModelFacts extends Pick<ModelConfig, "name" | "blockContext"> {
  readonly trainedBlockLengths: readonly number[];
}

/** A model and the settings to go on with. */
export interface OpenedModel extends LoadedModel {
  readonly settings: DecodingSettings;
}

/** The models that a chat can switch to. */
export interface ModelShelf {
  /** those that have a name */
  readonly known: () => Promise<readonly KnownModel[]>;
  /**
   * Loads a model beside the present one, which the chat closes when the other is there.
   * @param present its settings are asked for when the other is there: knobs may be turned meanwhile
   * @throws UserError usage: it is the present one; model-missing, model-invalid, engine
   */
  readonly open: (
    name: string,
    present: { readonly model: LoadedModel; readonly settings: () => DecodingSettings },
  ) => Promise<OpenedModel>;
}
