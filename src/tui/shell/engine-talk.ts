import type { Conversation } from "../../chat/index.ts";
import type { EngineEvent } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { chooseReplay } from "../replay/choose.ts";
import type { Replay } from "../replay/moments.ts";
import type { EngineEffect } from "../store/state.ts";
import type { Happening } from "../store/update.ts";

type Question = Extract<EngineEffect, { type: "send" | "again" }>;

/** Carries the store's wishes to the conversation, and what comes of them back. */
export class EngineTalk {
  readonly #conversation: Conversation;
  readonly #tell: (happening: Happening) => void;
  readonly #replay: (replay: Replay) => void;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    conversation: Conversation,
    tell: (happening: Happening) => void,
    replay: (replay: Replay) => void,
  ) {
    this.#conversation = conversation;
    this.#tell = tell;
    this.#replay = replay;
  }

  /** What the user can act on is said above the prompt. @throws anything else: a defect */
  async do(effect: EngineEffect): Promise<void> {
    try {
      await this.#dare(effect);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "said", text: error.message, good: false });
    }
  }

  async #dare(effect: EngineEffect): Promise<void> {
    switch (effect.type) {
      case "send":
      case "again":
        this.#running = this.#running.then(() => this.#converse(effect));
        return this.#running;
      case "rewind":
        this.#conversation.rewind(effect.turns);
        return this.tellStanding();
      case "endEngine":
        return this.#conversation.endEngine();
      case "stop":
        return this.#stop?.abort();
      case "adjust":
        return this.#conversation.adjust(effect.change);
      case "newChat":
        this.#conversation.newChat({ system: effect.system });
        return this.tellStanding();
      case "save":
        return this.#save(effect.path);
      case "replay": {
        const { turns, tokenizer } = this.#conversation;
        return this.#replay(chooseReplay(turns, effect.answer, tokenizer));
      }
    }
  }

  async #converse(effect: Question): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    const text = effect.type === "send" ? effect.text : (this.#conversation.turns.at(-1)?.user ?? "");
    try {
      for await (const event of this.#ask(effect, stop.signal)) this.#tell({ type: "event", event });
      this.#tell({ type: "ended", text });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "ended", text, problem: error });
    } finally {
      this.#stop = undefined;
      this.tellStanding();
    }
  }

  #ask(effect: Question, signal: AbortSignal): AsyncIterable<EngineEvent> {
    if (effect.type === "again") return this.#conversation.again({ change: effect.change, signal });
    const { after } = effect;
    return this.#conversation.send(effect.text, { signal, ...(after !== undefined && { after }) });
  }

  /** Stops, and waits until the conversation has kept what there is, at most `patience` milliseconds. */
  async finish(patience: number): Promise<void> {
    this.#stop?.abort();
    await Promise.race([
      this.#running.catch(() => {}),
      new Promise((done) => setTimeout(done, patience).unref()),
    ]);
  }

  async #save(path: string): Promise<void> {
    const written = await this.#conversation.saveMarkdown(path);
    this.#tell({ type: "said", text: `Saved as ${written}.`, good: true });
  }

  /** How full the context is, and what was said: asked when nothing is decoded, for the answer itself tells the rest. */
  tellStanding(): void {
    const { turns } = this.#conversation;
    this.#tell({ type: "standing", context: this.#conversation.contextUsed(), turns: [...turns] });
  }
}
