import { sizeOf } from "../../terminal-size.ts";
import { ok, warning, type Check } from "./check.ts";

/** What the chat's screen will have: size, colours, characters, keys. */
export function checkTerminal(
  input: { readonly isTTY?: boolean },
  output: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Check[] {
  if (!output.isTTY || !input.isTTY) {
    const which = output.isTTY ? "standard input" : "standard output";
    return [
      warning(
        "terminal",
        `${which} is not a terminal here`,
        "Chat in a terminal; in pipes use sdar-chat ask.",
      ),
    ];
  }
  return [checkSize(output), checkColours(output), checkCharacters(environment)];
}

function checkSize({ columns, rows }: NodeJS.WriteStream): Check {
  if (!columns || !rows) {
    const usual = sizeOf({ columns, rows });
    return warning(
      "terminal",
      `it does not say its size; ${usual.columns} columns, ${usual.rows} rows are assumed`,
      "Set it: stty columns 120 rows 40.",
    );
  }
  const text = `${columns} columns, ${rows} rows`;
  if (columns >= 30 && rows >= 8) return ok("terminal", text);
  return warning("terminal", text, "Widen the window: below 30 x 8 only one row of text is shown.");
}

function checkColours(output: NodeJS.WriteStream): Check {
  const depth = output.getColorDepth();
  const names: Record<number, string> = { 4: "16 colours", 8: "256 colours", 24: "all colours" };
  if (depth > 1) return ok("colours", names[depth] ?? `${2 ** depth} colours`);
  return ok("colours", "none (NO_COLOR or TERM say so); confidence shows in the form of the text");
}

function checkCharacters(environment: Readonly<Record<string, string | undefined>>): Check {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  if (process.platform !== "linux" || /utf-?8/i.test(locale)) return ok("characters", locale || "UTF-8");
  const text = `the locale is ${locale === "" ? "not set" : locale}, not a UTF-8 one`;
  return warning("characters", text, "Set LANG to a UTF-8 locale, such as C.UTF-8.");
}
