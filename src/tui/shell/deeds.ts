import type { Conversation } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import type { Effect, EngineEffect } from "../store/effects.ts";
import type { Happening } from "../store/update.ts";
import { listFolder } from "./folder.ts";
import { EngineTalk, type TalkSurroundings } from "./engine-talk.ts";

/** What deeds need of the terminal and the world. */
export interface DeedSurroundings extends TalkSurroundings {
  remember(text: string): void;
  /** @returns a sentence that says where the text is @throws UserError */
  copy(text: string): Promise<string>;
  suspend(): void;
  /** lets the person change a text elsewhere @throws UserError */
  compose(text: string): Promise<string>;
  repaint(): void;
  quit(): void;
  fail(error: unknown): void;
}

/** Turns effects into deeds: those of the terminal at once, those of the engine once there is one. */
export class Deeds {
  readonly #around: DeedSurroundings;
  readonly #tell: (happening: Happening) => void;
  #talk: EngineTalk | undefined;
  /** effects that wait for the model */
  #waiting: EngineEffect[] = [];

  constructor(around: DeedSurroundings, tell: (happening: Happening) => void) {
    this.#around = around;
    this.#tell = tell;
  }

  /** The model is loaded. @param settings as they were turned until now */
  attach(conversation: Conversation, settings: DecodingSettings): void {
    this.#talk = new EngineTalk(conversation, this.#tell, this.#around);
    conversation.adjust(settings);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const effect of waiting) this.do(effect);
    this.#talk.tellStanding();
    if (conversation.turns.length > 0) this.#talk.tellResumed();
    this.#tell({ type: "ready", tokens: conversation.tokenizer });
  }

  do(effect: Effect): void {
    if (effect.type === "remember") this.#around.remember(effect.text);
    else if (effect.type === "suspend") this.#around.suspend();
    else if (effect.type === "repaint") this.#around.repaint();
    else if (effect.type === "copy") this.#copy(effect.text);
    else if (effect.type === "quit") this.#around.quit();
    else if (effect.type === "compose") this.#compose(effect.text);
    else if (effect.type === "folder") this.#list(effect.path);
    else this.#ask(effect);
  }

  /** Stops the answer, and waits until it is kept, at most `patience` milliseconds. */
  async finish(patience: number): Promise<void> {
    await this.#talk?.finish(patience);
  }

  #copy(words: string): void {
    this.#around.copy(words).then(
      (text) => this.#tell({ type: "said", text, good: true }),
      (error: unknown) => this.#sayOrFail(error),
    );
  }

  #compose(before: string): void {
    this.#around.compose(before).then(
      (text) => this.#tell({ type: "composed", before, text }),
      (error: unknown) => this.#sayOrFail(error),
    );
  }

  #list(path: string): void {
    listFolder(path).then(
      (folder) => this.#tell({ type: "folder", folder }),
      (error: unknown) => this.#around.fail(error),
    );
  }

  #ask(effect: EngineEffect): void {
    if (this.#talk === undefined) this.#waiting.push(effect);
    else this.#talk.do(effect).catch((error: unknown) => this.#around.fail(error));
  }

  #sayOrFail(error: unknown): void {
    if (error instanceof UserError) this.#tell({ type: "said", text: error.message, good: false });
    else this.#around.fail(error);
  }
}
