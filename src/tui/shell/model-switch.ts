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
    const names = (await this.#shelf?.names()) ?? [];
    this.#tell({ type: "models", names, present: this.#conversation.model.folder.config.name });
  }

  /** The present model stays until the other is there, and where that fails. @throws UserError */
  async to(name: string): Promise<void> {
    const conversation = this.#conversation;
    if (this.#shelf === undefined) throw new UserError("usage", "This chat cannot change its model.");
    try {
      const { model, settings } = conversation;
      const next = await this.#shelf.open(name, { model, settings });
      conversation.useModel(next);
      conversation.adjust(next.settings);
      this.#tell({ type: "switched", model: next.folder.config, settings: next.settings });
      await model.engine.close();
    } finally {
      this.#tell({ type: "ready", tokens: conversation.tokenizer });
    }
  }
}
