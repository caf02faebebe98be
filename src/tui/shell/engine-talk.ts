import {
  attach,
  type Attachment,
  checkRoom,
  compareAnswers,
  type Conversation,
  damageNote,
  deviceText,
  isThere,
  messageOfTurn,
  questionOf,
  readAttachment,
} from "../../chat/index.ts";
import type { EngineEvent } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { chooseReplay } from "../replay/choose.ts";
import type { Replay } from "../replay/moments.ts";
import type { ModelShelf } from "../models.ts";
import type { EngineEffect } from "../store/effects.ts";
import type { Happening } from "../store/update.ts";
import { Earlier } from "./earlier.ts";
import { ModelSwitch } from "./model-switch.ts";

/** What the talk needs besides the conversation. */
export interface TalkSurroundings {
  /** shows a recorded answer, until the person comes back */
  readonly replay: (replay: Replay) => void;
  /** folder of saved conversations */
  readonly transcripts?: string;
  readonly models?: ModelShelf;
}

type Question = Extract<EngineEffect, { type: "send" | "again" }>;

/** Carries the store's wishes to the conversation, and what comes of them back. */
export class EngineTalk {
  readonly #conversation: Conversation;
  readonly #tell: (happening: Happening) => void;
  readonly #replay: (replay: Replay) => void;
  readonly #earlier: Earlier;
  readonly #models: ModelSwitch;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    conversation: Conversation,
    tell: (happening: Happening) => void,
    { replay, transcripts, models }: TalkSurroundings,
  ) {
    this.#conversation = conversation;
    this.#tell = tell;
    this.#replay = replay;
    this.#earlier = new Earlier(transcripts);
    this.#models = new ModelSwitch(conversation, models, tell);
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
        return this.#inTurn(() => this.#converse(effect));
      case "attach":
        return this.#attach(effect);
      case "compare":
        return this.#inTurn(() => this.#compare(effect));
      case "rewind":
        this.#conversation.rewind(effect.turns);
        return this.tellStanding();
      case "earlier": {
        const chats = await this.#earlier.list(this.#conversation.transcriptPath);
        return this.#tell({ type: "earlier", chats, at: Date.now() });
      }
      case "resume":
        return this.#inTurn(() => this.#resume(effect.wanted));
      case "models":
        return this.#models.list();
      case "model":
        return this.#inTurn(() => this.#models.to(effect.name).finally(() => this.tellStanding()));
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

  /** What changes the conversation goes on in the order in which it was asked for. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#running.then(action);
    this.#running = done.catch(() => {});
    return done;
  }

  async #converse(effect: Question): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    const asked = this.#questionOf(effect);
    try {
      for await (const event of this.#ask(effect, stop.signal)) {
        this.#tell({ type: "event", event });
        if (event.type === "device_changed") this.#tell({ type: "warned", text: event.reason });
      }
      this.#tell({ type: "ended", ...asked });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "ended", ...asked, problem: error });
    } finally {
      this.#stop = undefined;
      this.tellStanding();
    }
  }

  async #compare({ sides, text }: Extract<EngineEffect, { type: "compare" }>): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    const { model } = this.#conversation;
    try {
      const comparison = await compareAnswers(model, questionOf(this.#conversation, text), sides, {
        signal: stop.signal,
        onSide: (side, settings) => this.#tell({ type: "side", side, settings }),
        onEvent: (event) => this.#tell({ type: "event", event }),
      });
      this.#tell({ type: "compared", comparison });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "incomparable", problem: error });
    } finally {
      this.#stop = undefined;
    }
  }

  #ask(effect: Question, signal: AbortSignal): AsyncIterable<EngineEvent> {
    if (effect.type === "again") return this.#conversation.again({ change: effect.change, signal });
    const { text, type: _, ...options } = effect;
    return this.#conversation.send(text, { signal, ...options });
  }

  #questionOf(effect: Question): Omit<Extract<EngineEffect, { type: "send" }>, "type"> {
    if (effect.type === "send") {
      const { type: _, ...asked } = effect;
      return asked;
    }
    const { turns } = this.#conversation;
    const last = turns.at(-1);
    return last === undefined ? { text: "" } : { ...messageOfTurn(last), after: turns.length - 1 };
  }

  /** Reads files for a message, one after the other: the first that cannot go with it refuses it. */
  async #attach({ message, files: names, perhaps = [] }: Extract<EngineEffect, { type: "attach" }>) {
    const { tokenizer, folder } = this.#conversation.model;
    const { contextLength } = folder.config;
    try {
      const files: Attachment[] = [];
      for (const name of names) {
        if (perhaps.includes(name) && !(await isThere(name))) continue;
        const file = await readAttachment(name, contextLength);
        checkRoom(file, tokenizer, contextLength);
        files.push(file);
      }
      this.#tell({ type: "attached", before: message, message: attach(message, files) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "refused", message, problem: error });
    }
  }

  async #resume(wanted: string): Promise<void> {
    const transcript = await this.#earlier.open(wanted, this.#conversation.transcriptPath);
    this.#conversation.resume(transcript);
    this.tellStanding();
    this.tellResumed();
    const damage = damageNote(transcript, this.#conversation.transcriptPath !== undefined);
    if (damage !== undefined) this.#tell({ type: "warned", text: damage });
  }

  /** Stops, and waits until the conversation has kept what there is, at most `patience` milliseconds. */
  async finish(patience: number): Promise<void> {
    this.#stop?.abort();
    await Promise.race([this.#running, new Promise((done) => setTimeout(done, patience).unref())]);
  }

  async #save(path: string): Promise<void> {
    try {
      const written = await this.#conversation.saveMarkdown(path);
      this.#tell({ type: "said", text: `Saved as ${written}.`, good: true });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tell({ type: "unsaved", path, problem: error });
    }
  }

  tellResumed(): void {
    this.#tell({ type: "resumed", elsewhere: this.#conversation.wasAnsweredElsewhere });
  }

  /** How full the context is, and what was said: asked when nothing is decoded, for the answer itself tells the rest. */
  tellStanding(): void {
    const { turns, system, model } = this.#conversation;
    const device = deviceText(model.engine.info);
    const context = this.#conversation.contextUsed();
    this.#tell({ type: "standing", context, turns: [...turns], system, device });
  }
}
