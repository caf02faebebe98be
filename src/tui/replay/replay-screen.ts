import { render, type Instance, type Key } from "ink";
import { createElement } from "react";
import { messageOf } from "../../errors.ts";
import type { Display } from "../display.ts";
import { strokesOf } from "../keys/key-name.ts";
import type { ReadingOptions } from "../markdown/reading.ts";
import { textWantsColors } from "../markdown/wanted.ts";
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from "../paint/glyphs.ts";
import { paletteFor } from "../paint/palette.ts";
import { Frames } from "../shell/frames.ts";
import type { TerminalInput } from "../shell/keyboard.ts";
import { Lending } from "../shell/lending.ts";
import { Page } from "../shell/page.tsx";
import { Screen, type Output } from "../shell/screen.ts";
import { clock } from "../shell/start-state.ts";
import { castOf } from "./cast.ts";
import { pressReplay } from "./keys.ts";
import { textOf, type Replay } from "./moments.ts";
import { paintReplay } from "./paint.ts";
import { nextTick, openReplay, tick, type ReplayState } from "./state.ts";
import { writeCast } from "./write.ts";

export interface ReplayScreenOptions {
  readonly replay: Replay;
  readonly display: Display;
  readonly reading: ReadingOptions;
  readonly input: TerminalInput;
  readonly output: Output;
  /** called just before it gives the terminal back */
  readonly leaving?: () => void;
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
  readonly #lending: Lending;
  readonly #instance: Instance;
  readonly #leaving: () => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param options its replay must have a step */
  constructor({ replay, display, reading, input, output, leaving }: ReplayScreenOptions) {
    this.#leaving = leaving ?? (() => {});
    this.#state = openReplay(replay, reading);
    this.#frames = new Frames(paletteFor(display.depth, display.theme));
    this.#glyphs = display.ascii ? asciiGlyphs : unicodeGlyphs;
    this.#screen = new Screen(output);
    this.#lending = new Lending(
      () => this.#draw(),
      (error) => this.#instance.unmount(error),
    );
    // At once, for a key that comes before Ink asks for it would be echoed into the first frame.
    if (input.isTTY) input.setRawMode(true);
    this.#draw();
    this.#instance = render(
      createElement(Page, {
        frames: this.#frames,
        onInput: this.#input,
        onPaste: () => {},
        onSuspend: this.#lending.learn,
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
    // What another program has on the screen is not Ink's to erase.
    this.#screen.forget = () => this.#lending.away || this.#instance.clear();
    this.#screen.on("ready", this.#draw);
    this.#lending.listen();
    if (textWantsColors(textOf(replay), reading)) void this.#color();
    this.left = ended(this.#instance);
  }

  /** Leaves at once; safe to call twice. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#leaving();
    this.#lending.unlisten();
    this.#screen.release();
    this.#instance.unmount();
  }

  readonly #input = (input: string, key: Key): void => {
    for (const stroke of strokesOf(input, key)) {
      const names = stroke.kind === "key" ? [stroke.name] : stroke.text.split("");
      for (const name of names) {
        const { said: _, ...before } = tick(this.#state, clock());
        const next = pressReplay(before, name, clock());
        if (next === "leave") return this.close();
        if (next === "suspend") this.#lending.toShell();
        else if (next === "write") void this.#write();
        else this.#state = next;
      }
    }
    this.#draw();
  };

  /** Colours for code come a moment later than the text. */
  async #color(): Promise<void> {
    const { loadHighlight } = await import("../markdown/highlight.ts");
    const reading = { ...this.#state.reading, highlight: await loadHighlight() };
    this.#state = { ...this.#state, reading };
    this.#draw();
  }

  async #write(): Promise<void> {
    const name = `replay-${this.#state.replay.number}`;
    try {
      const file = await writeCast(name, castOf(this.#state, this.#screen, this.#glyphs));
      this.#say(`Written: ${file}`);
    } catch (error) {
      this.#say(messageOf(error));
    }
  }

  #say(said: string): void {
    this.#state = { ...this.#state, said };
    this.#draw();
  }

  /** What was begun before it was left may end later: then there is nothing to draw on, and nothing to wait for. */
  readonly #draw = (): void => {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    if (!this.#screen.held && !this.#lending.away) {
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
