import type { Conversation } from "../../chat/index.ts";
import { UserError } from "../../errors.ts";
import type { ModelShelf } from "../models.ts";
import type { Happening } from "../store/update.ts";

/** Lists models, and lets a conversation go on with another. */
export class ModelSwitch {
  readonly #conversation: Conversation;
  readonly #shelf: ModelShelf | undefined;
  readonly #tell: (happening: Happening) => void;

  constructor(
    conversation: Conversation,
    shelf: ModelShelf | undefined,
    tell: (happening: Happening) => void,
  ) {
    this.#conversation = conversation;
    this.#shelf = shelf;
    this.#tell = tell;
  }

  async list(): Promise<void> {
    const known = (await this.#shelf?.known()) ?? [];
    const { config, path } = this.#conversation.model.folder;
    // In the list it goes by the name of its folder.
    const present = known.find((each) => each.path === path)?.name ?? config.name;
    this.#tell({ type: "models", names: known.map(({ name }) => name), present });
  }

  /** The present model stays until the other is there, and where that fails. @throws UserError */
  async to(name: string): Promise<void> {
    const conversation = this.#conversation;
    try {
      if (this.#shelf === undefined) throw new UserError("usage", "This chat cannot change its model.");
      const { model } = conversation;
      const next = await this.#shelf.open(name, { model, settings: () => conversation.settings });
      conversation.useModel(next);
      conversation.adjust(next.settings);
      this.#tell({ type: "switched", model: next.folder.config, settings: next.settings });
      await model.engine.close();
    } finally {
      this.#tell({ type: "ready", tokens: conversation.tokenizer });
    }
  }
}
