import type { Conversation } from "../../chat/index.ts";
import { runCommand } from "../commands/run.ts";
import { UserError } from "../../errors.ts";
import { normalizePaste } from "../text/sanitize.ts";
import { press } from "../keys/bindings.ts";
import { strokesOf, type Stroke } from "../keys/key-name.ts";
import { paste } from "../keys/prompt.ts";
import type { Frame } from "../paint/frame.ts";
import { edit } from "../editor/editor.ts";
import { nextWake } from "../store/clock.ts";
import {
  isAnswering,
  update,
  type ChatState,
  type Effect,
  type EngineEffect,
  type Update,
} from "../store/state.ts";
import { happen, type Happening } from "../store/update.ts";
import { EngineTalk, type TalkSurroundings } from "./engine-talk.ts";

/** What the shell needs of the terminal and the world. */
export interface Surroundings extends TalkSurroundings {
  /** what of the state is drawn next */
  frame(state: ChatState): Frame;
  show(frame: Frame): void;
  /** cells of a row of the prompt */
  promptWidth(): number;
  /** false while frames would be lost: the window is being resized, or another program has the terminal */
  canDraw(): boolean;
  remember(text: string): void;
  /** @returns a sentence that says where the text is @throws UserError */
  copy(text: string): Promise<string>;
  suspend(): void;
  repaint(): void;
  quit(): void;
  fail(error: unknown): void;
}

/** Frames that nobody's key asked for come no faster, milliseconds. */
const calm = 50;
const still = 1000;
/** How long leaving waits for the engine to stop, so that the answer is kept as far as it got. */
const farewell = 500;

/** Turns what happens into states, states into frames, and effects into deeds. */
export class ChatShell {
  #state: ChatState;
  readonly #around: Surroundings;
  readonly #clock: () => number;
  #talk: EngineTalk | undefined;
  /** effects that wait for the model */
  #waiting: EngineEffect[] = [];
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = -Infinity;
  #asked = false;
  #changed = true;

  constructor(state: ChatState, around: Surroundings, clock: () => number) {
    this.#state = state;
    this.#around = around;
    this.#clock = clock;
  }

  get state(): ChatState {
    return this.#state;
  }

  /** The model is loaded. */
  attach(conversation: Conversation): void {
    this.#talk = new EngineTalk(conversation, this.tell, this.#around);
    conversation.adjust(this.#state.settings);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const effect of waiting) this.#do(effect);
    this.#talk.tellStanding();
    if (conversation.turns.length > 0) this.tell({ type: "resumed" });
    this.tell({ type: "ready", tokens: conversation.tokenizer });
  }

  readonly tell = (happening: Happening): void => {
    this.#become(happen(this.#state, happening, this.#clock()));
    this.#drawSoon();
  };

  readonly input = (input: string, key: Parameters<typeof strokesOf>[1]): void => {
    for (const stroke of strokesOf(input, key)) this.#stroke(stroke);
    this.#drawNow();
  };

  /** Takes a whole line as if it had been typed into an empty prompt. */
  submit(line: string): void {
    const editor = edit(this.#state.editor, { type: "replace", text: line });
    this.#become(update({ ...this.#state, editor }));
    this.#stroke({ kind: "key", name: "enter" });
    this.#drawNow();
  }

  /** Runs a command that nobody typed. */
  run(line: string): void {
    this.#become(runCommand(this.#state, line));
  }

  readonly paste = (text: string): void => {
    this.#tick();
    this.#become(paste(this.#state, normalizePaste(text)));
    this.#drawNow();
  };

  /** Draws the next frame at once, whatever the time. */
  readonly draw = (): void => {
    this.#asked = false;
    if (!this.#around.canDraw()) return;
    this.#drawnAt = this.#clock();
    const frame = this.#around.frame(this.#state);
    this.#state = frame.state;
    this.#changed = false;
    this.#around.show(frame);
    this.#drawSoon();
  };

  /** Stops the answer and shows the page without the prompt; the terminal can be given back then. */
  async leave(): Promise<void> {
    await this.#talk?.finish(farewell);
    this.leaveNow();
  }

  /** The same without waiting for the engine. */
  leaveNow(): void {
    clearTimeout(this.#timer);
    this.#become(happen(this.#state, { type: "leaving" }, this.#clock()));
    this.draw();
    clearTimeout(this.#timer);
  }

  #stroke(stroke: Stroke): void {
    this.#tick();
    const width = this.#around.promptWidth();
    const pressed =
      stroke.kind === "text" && stroke.text !== "?" ? undefined : press(this.#state, nameOf(stroke), width);
    if (pressed !== undefined) this.#become(pressed);
    else if (stroke.kind === "text") this.#become(typed(this.#state, stroke.text));
  }

  #tick(): void {
    this.#become(happen(this.#state, { type: "tick" }, this.#clock()));
  }

  #become({ state, effects }: Update): void {
    this.#changed = true;
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "remember":
        this.#around.remember(effect.text);
        break;
      case "suspend":
        this.#around.suspend();
        break;
      case "repaint":
        this.#around.repaint();
        break;
      case "copy":
        this.#around.copy(effect.text).then(
          (text) => this.tell({ type: "said", text, good: true }),
          (error: unknown) => this.#sayOrFail(error),
        );
        break;
      case "quit":
        this.#around.quit();
        break;
      case "send":
      case "again":
      case "rewind":
      case "stop":
      case "endEngine":
      case "earlier":
      case "resume":
      case "models":
      case "model":
      case "adjust":
      case "newChat":
      case "save":
      case "replay":
        if (this.#talk === undefined) this.#waiting.push(effect);
        else this.#talk.do(effect).catch((error: unknown) => this.#around.fail(error));
    }
  }

  #sayOrFail(error: unknown): void {
    if (error instanceof UserError) this.tell({ type: "said", text: error.message, good: false });
    else this.#around.fail(error);
  }

  /** A key was pressed: the eye waits for it. Several at once are one frame. */
  #drawNow(): void {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(this.draw);
  }

  /** What the engine says and what time brings is drawn calmly. */
  #drawSoon(): void {
    clearTimeout(this.#timer);
    const now = this.#clock();
    const due = this.#changed ? now : nextWake(this.#state);
    if (due === undefined || this.#state.leaving) return;
    const pause = this.#state.view.motion || !isAnswering(this.#state) ? calm : still;
    this.#timer = setTimeout(
      () => {
        this.#tick();
        this.draw();
      },
      Math.max(now, due, this.#drawnAt + pause) - now,
    );
  }
}

function nameOf(stroke: Stroke): string {
  return stroke.kind === "key" ? stroke.name : stroke.text;
}

function typed(state: ChatState, text: string): Update {
  return update({ ...state, editor: edit(state.editor, { type: "insert", text }) });
}
