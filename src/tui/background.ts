import type { Display } from "./display.ts";
import type { Theme } from "./paint/palette.ts";

type Background = Exclude<Theme, "unknown">;

/** Asks for the background, and for the terminal's kind: every terminal answers that, and answers come in order. */
const question = "\u001B]11;?\u001B\\\u001B[c";
// oxlint-disable-next-line no-control-regex
const colorReply = /\u001B\]11;([^\u0007\u001B]*)(?:\u0007|\u001B\\)/;
// oxlint-disable-next-line no-control-regex
const kindReply = /\u001B\[\?[\d;]*c/;

/** The display with what only the terminal itself can say of it. */
export async function withBackground(
  display: Display,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<Display> {
  const asks = display.asksBackground && input.isTTY && output.isTTY;
  const background = asks ? await askBackground(input, output) : undefined;
  return background === undefined ? display : { ...display, theme: background };
}

/**
 * Asks the terminal whether its background is dark or light. It is in raw mode afterwards; what was typed meanwhile is
 * put back to be read again.
 * @param patience milliseconds that an answer may take
 * @returns undefined: it did not say
 */
export async function askBackground(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  patience = 150,
): Promise<Background | undefined> {
  const answered = Promise.withResolvers<void>();
  // Bytes, for a character that was typed ahead may have come in part.
  let heard = "";
  const hear = () => {
    for (let chunk: unknown = input.read(); chunk !== null; chunk = input.read())
      if (chunk instanceof Uint8Array) heard += Buffer.from(chunk).toString("latin1");
    if (kindReply.test(heard)) answered.resolve();
  };
  input.setRawMode(true);
  // As Ink reads, for Node's standard input does not come back from a pause at every moment.
  input.on("readable", hear);
  output.write(question);
  // What came while the program was busy is read before its time counts as over.
  const timer = setTimeout(() => setImmediate(answered.resolve), patience);
  await answered.promise;
  clearTimeout(timer);
  input.off("readable", hear);
  const typed = heard.replace(colorReply, "").replace(kindReply, "");
  if (typed !== "") input.unshift(Buffer.from(typed, "latin1"));
  return backgroundOf(colorReply.exec(heard)?.[1] ?? "");
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
