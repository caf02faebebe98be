import { render, type Instance, type Key } from "ink";
import { createElement } from "react";
import type { Display } from "../display.ts";
import { strokesOf } from "../keys/key-name.ts";
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from "../paint/glyphs.ts";
import { paletteFor } from "../paint/palette.ts";
import { Frames } from "../shell/frames.ts";
import { Page } from "../shell/page.tsx";
import { Screen } from "../shell/screen.ts";
import { clock } from "../shell/start-state.ts";
import { pressReplay } from "./keys.ts";
import type { Replay } from "./moments.ts";
import { paintReplay } from "./paint.ts";
import { nextTick, openReplay, tick, type ReplayState } from "./state.ts";

export interface ReplayScreenOptions {
  readonly replay: Replay;
  readonly display: Display;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** Frames that nobody's key asked for come no faster, milliseconds. */
const calm = 33;

/** A replay on the terminal's alternate screen, from its opening until the person leaves it. */
export class ReplayScreen {
  /** Resolves when the terminal shows again what it did before. Rejects with what went wrong in drawing. */
  readonly left: Promise<void>;
  #state: ReplayState;
  readonly #frames: Frames;
  readonly #glyphs: Glyphs;
  readonly #screen: Screen;
  readonly #instance: Instance;
  #timer: NodeJS.Timeout | undefined;

  /** @param options its replay must have a step */
  constructor({ replay, display, input, output }: ReplayScreenOptions) {
    this.#state = openReplay(replay);
    this.#frames = new Frames(paletteFor(display.depth, display.theme));
    this.#glyphs = display.ascii ? asciiGlyphs : unicodeGlyphs;
    this.#screen = new Screen(output);
    this.#draw();
    this.#instance = render(
      createElement(Page, {
        frames: this.#frames,
        onInput: this.#input,
        onPaste: () => {},
        onSuspend: () => {},
      }),
      {
        stdout: this.#screen,
        stdin: input,
        alternateScreen: true,
        exitOnCtrlC: false,
        patchConsole: false,
        incrementalRendering: true,
        interactive: true,
        isScreenReaderEnabled: false,
        maxFps: 60,
      },
    );
    this.#screen.forget = () => this.#instance.clear();
    this.#screen.on("ready", this.#draw);
    this.left = ended(this.#instance);
  }

  /** Leaves at once; safe to call twice. */
  close(): void {
    clearTimeout(this.#timer);
    this.#screen.release();
    this.#instance.unmount();
  }

  readonly #input = (input: string, key: Key): void => {
    for (const stroke of strokesOf(input, key)) {
      const names = stroke.kind === "key" ? [stroke.name] : stroke.text.split("");
      for (const name of names) {
        const next = pressReplay(tick(this.#state, clock()), name, clock());
        if (next === "leave") return this.close();
        this.#state = next;
      }
    }
    this.#draw();
  };

  readonly #draw = (): void => {
    clearTimeout(this.#timer);
    if (!this.#screen.held) {
      this.#frames.show({ lines: [], picture: paintReplay(this.#state, this.#screen, this.#glyphs) });
    }
    const due = nextTick(this.#state);
    if (due === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#state = tick(this.#state, clock());
        this.#draw();
      },
      Math.max(calm, due - clock()),
    );
  };
}

async function ended(instance: Instance): Promise<void> {
  await instance.waitUntilExit();
}
