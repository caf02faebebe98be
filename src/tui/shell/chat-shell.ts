import type { Conversation } from "../../chat/index.ts";
import { runCommand } from "../commands/run.ts";
import { cleared } from "../editor/editor.ts";
import { press } from "../keys/bindings.ts";
import { strokesOf, type Stroke } from "../keys/key-name.ts";
import { paste, typed } from "../keys/prompt.ts";
import type { Frame } from "../paint/frame.ts";
import { nextWake } from "../store/clock.ts";
import { withQueueInPrompt } from "../store/sending.ts";
import { isAnswering, update, type ChatState, type Update } from "../store/state.ts";
import { happen, type Happening } from "../store/update.ts";
import { Deeds, type DeedSurroundings } from "./deeds.ts";
import { FrameTiming } from "./frame-timing.ts";

/** What the shell needs of the terminal and the world. */
export interface Surroundings extends DeedSurroundings {
  /** what of the state is drawn next */
  frame(state: ChatState): Frame;
  show(frame: Frame): void;
  /** cells of a row of the prompt */
  promptWidth(): number;
  /** false while frames would be lost: the window is being resized, or another program has the terminal */
  canDraw(): boolean;
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
  readonly #deeds: Deeds;
  readonly #timing: FrameTiming;
  #changed = true;

  constructor(state: ChatState, around: Surroundings, clock: () => number) {
    this.#state = state;
    this.#around = around;
    this.#clock = clock;
    this.#deeds = new Deeds(around, this.tell);
    this.#timing = new FrameTiming(this.draw, clock);
  }

  get state(): ChatState {
    return this.#state;
  }

  /** The model is loaded. */
  attach(conversation: Conversation): void {
    this.#deeds.attach(conversation, this.#state.settings);
  }

  readonly tell = (happening: Happening): void => {
    this.#become(happen(this.#state, happening, this.#clock()));
    this.#drawSoon();
  };

  readonly input = (input: string, key: Parameters<typeof strokesOf>[1]): void => {
    for (const stroke of strokesOf(input, key)) this.#stroke(stroke);
    this.#timing.now();
  };

  /** Runs a command that nobody typed. */
  run(line: string): void {
    this.#become(runCommand(this.#state, line));
  }

  readonly paste = (text: string): void => {
    this.#tick();
    this.#become(paste(this.#state, text));
    this.#timing.now();
  };

  /** Takes away what stands in the prompt. */
  clearPrompt(): void {
    this.#become(update({ ...this.#state, editor: cleared(this.#state.editor) }));
    this.#timing.now();
  }

  /** Draws the next frame at once, whatever the time. */
  readonly draw = (): void => {
    this.#timing.begin();
    if (!this.#around.canDraw()) return;
    this.#timing.drawn();
    const frame = this.#around.frame(this.#state);
    this.#state = frame.state;
    this.#changed = false;
    this.#around.show(frame);
    this.#drawSoon();
  };

  /**
   * Stops the answer and shows the page without the prompt; the terminal can be given back then. What was queued is
   * taken from the queue first, or the end of that answer would send it.
   */
  async leave(): Promise<void> {
    this.#become(update(withQueueInPrompt(this.#state)));
    await this.#deeds.finish(farewell);
    this.leaveNow();
  }

  /** The same without waiting for the engine. */
  leaveNow(): void {
    this.#timing.stop();
    this.#become(happen(this.#state, { type: "leaving" }, this.#clock()));
    this.draw();
    this.#timing.stop();
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
    for (const effect of effects) this.#deeds.do(effect);
  }

  /** What the engine says and what time brings is drawn calmly. */
  #drawSoon(): void {
    this.#timing.stop();
    const now = this.#clock();
    const due = this.#changed ? now : nextWake(this.#state);
    if (due === undefined || this.#state.leaving) return;
    const pause = this.#state.view.motion || !isAnswering(this.#state) ? calm : still;
    this.#timing.later(due, pause, () => {
      this.#tick();
      this.draw();
    });
  }
}

function nameOf(stroke: Stroke): string {
  return stroke.kind === "key" ? stroke.name : stroke.text;
}
