import { setImmediate, setTimeout } from "node:timers/promises";
import type { Display } from "./display.ts";
import type { Theme } from "./paint/palette.ts";

type Background = Exclude<Theme, "unknown">;

/** Asks for the background, and for the terminal's kind: every terminal answers that, and answers come in order. */
const question = "\u001B]11;?\u001B\\\u001B[c";
// oxlint-disable-next-line no-control-regex
const colorReply = /\u001B\]11;([^\u0007\u001B]*)(?:\u0007|\u001B\\)/;
// oxlint-disable-next-line no-control-regex
const kindReply = /\u001B\[\?[\d;]*c/;

/** How long an answer may take, milliseconds. */
const patience = 150;

/** What a terminal said and what was typed on it before anything read its keyboard. */
interface Heard {
  readonly background: Background | undefined;
  readonly typed: string;
}

/**
 * Takes the terminal into raw mode while the program still loads, and asks it whether its background is dark or light
 * where the display depends on it. What was typed meanwhile is put back, to be read again.
 */
export async function openTerminal<Loaded>(
  display: Display,
  { input, output }: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream },
  loading: Promise<Loaded>,
): Promise<{ readonly display: Display; readonly loaded: Loaded }> {
  if (!input.isTTY) return { display, loaded: await loading };
  const ears = new Ears(input);
  const answered = display.asksBackground ? ears.answer(output) : undefined;
  const [loaded] = await Promise.all([loading, answered]);
  await polled(0);
  const { background, typed } = ears.close();
  // Before the raw mode Enter was a line feed.
  if (typed !== "") input.unshift(Buffer.from(typed.replace(/\n$/, "\r"), "latin1"));
  return { display: background === undefined ? display : { ...display, theme: background }, loaded };
}

/** So many milliseconds, and what came while the program was busy has been read, too. */
async function polled(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds);
  await setImmediate();
}

/** Listens to the terminal as Ink does: Node's standard input does not come back from a pause at every moment. */
class Ears {
  readonly #input: NodeJS.ReadStream;
  readonly #answered = Promise.withResolvers<void>();
  /** bytes, for a character may have come in part */
  #heard = "";

  constructor(input: NodeJS.ReadStream) {
    this.#input = input;
    input.setRawMode(true);
    input.on("readable", this.#hear);
  }

  /** Resolves when the terminal has answered, or its time is over. */
  async answer(output: NodeJS.WriteStream): Promise<void> {
    output.write(question);
    await Promise.race([this.#answered.promise, polled(patience)]);
  }

  close(): Heard {
    this.#input.off("readable", this.#hear);
    const typed = this.#heard.replace(colorReply, "").replace(kindReply, "");
    return { background: backgroundOf(colorReply.exec(this.#heard)?.[1] ?? ""), typed };
  }

  readonly #hear = (): void => {
    for (let chunk: unknown = this.#input.read(); chunk !== null; chunk = this.#input.read())
      if (chunk instanceof Uint8Array) this.#heard += Buffer.from(chunk).toString("latin1");
    if (kindReply.test(this.#heard)) this.#answered.resolve();
  };
}

/** Reads X11's "rgb:1e1e/1e1e/1e1e", one to four digits a colour; light from half the brightness of white. */
export function backgroundOf(color: string): Background | undefined {
  const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(color);
  if (parts === null) return undefined;
  const share = (index: number) => {
    const digits = parts[index] ?? "";
    return Number.parseInt(digits, 16) / (16 ** digits.length - 1);
  };
  return 0.299 * share(1) + 0.587 * share(2) + 0.114 * share(3) > 0.5 ? "light" : "dark";
}
