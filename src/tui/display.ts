import { immediatePace, paceOf, visiblePace, type Pace } from "./pacing.ts";
import type { Heat } from "./store/heat.ts";
import type { ColorDepth, Theme } from "./paint/palette.ts";
import { breaksRows } from "./terminal-kinds.ts";

/**
 * "page": the answer resolves in place above a prompt that stays. "lines": the terminal cannot move its cursor; rows
 * come when they are complete. "spoken": for a screen reader; paragraphs come when they are complete, each once.
 */
export type Manner = "page" | "lines" | "spoken";

/** How the chat is drawn: decided once, at the start. */
export interface Display {
  readonly depth: ColorDepth;
  readonly theme: Theme;
  /** the terminal may know better than `theme`, and the answer would change a colour */
  readonly asksBackground: boolean;
  /** only ASCII for what is drawn (the model's text stays as it is) */
  readonly ascii: boolean;
  /** false: text appears by finished blocks, nothing else moves more than once a second */
  readonly motion: boolean;
  /** how long steps stay */
  readonly pace: Pace;
  /** where doubt is coloured */
  readonly heat: Heat;
  readonly manner: Manner;
  /** Markdown of answers is read; false: text as it comes */
  readonly markdown: boolean;
  /** the terminal is known to break rows anew that a narrower window has no room for */
  readonly breaksRows: boolean;
}

/** What a person asked for; absent: as the terminal says. */
export interface DisplayWishes {
  readonly theme?: "dark" | "light";
  readonly ascii?: boolean;
  readonly motion?: boolean;
  /** denoising steps shown a second; absent: about as many as an eye can follow, never far behind the engine */
  readonly view?: number | "live";
  readonly heat?: Heat;
  readonly markdown?: boolean;
  readonly screenReader?: boolean;
}

/**
 * The display for a terminal. ACCESSIBLE and INK_SCREEN_READER ask for one that can be read aloud. NO_COLOR takes the colours (attributes stay), TERM=dumb everything; a locale that
 * is not UTF-8 takes ASCII; COLORFGBG tells a light background from a dark one where nothing else does.
 * @param colorBits as tty.WriteStream.getColorDepth() gives it: 1, 4, 8 or 24
 */
export function chooseDisplay(
  environment: Readonly<Record<string, string | undefined>>,
  colorBits: number,
  wishes: DisplayWishes = {},
): Display {
  const manner = mannerOf(environment, wishes);
  const page = manner === "page";
  const depth = page ? depthOf(environment, colorBits) : "none";
  return {
    manner,
    depth,
    theme: wishes.theme ?? themeOf(environment["COLORFGBG"]),
    asksBackground: wishes.theme === undefined && (depth === "256" || depth === "truecolor"),
    ascii: wishes.ascii ?? (!page || !isUtf8(environment)),
    motion: wishes.motion ?? true,
    heat: page ? (wishes.heat ?? "live") : "off",
    pace: page ? paceFor(wishes.view) : immediatePace,
    markdown: manner !== "lines" && (wishes.markdown ?? true),
    breaksRows: breaksRows(environment),
  };
}

function mannerOf(
  environment: Readonly<Record<string, string | undefined>>,
  { screenReader }: DisplayWishes,
): Manner {
  const isWanted = (name: string) => !/^(0|false|no|off)?$/i.test(environment[name] ?? "");
  if (screenReader ?? (isWanted("ACCESSIBLE") || isWanted("INK_SCREEN_READER"))) return "spoken";
  return environment["TERM"] === "dumb" ? "lines" : "page";
}

const paceFor = (view: DisplayWishes["view"]): Pace => (view === undefined ? visiblePace : paceOf(view));

function depthOf(environment: Readonly<Record<string, string | undefined>>, bits: number): ColorDepth {
  if (environment["NO_COLOR"] || bits < 4) return "mono";
  if (bits >= 24) return "truecolor";
  return bits >= 8 ? "256" : "16";
}

/** "15;0" is white on black; the last number is the background: 0-6 and 8 are dark. */
function themeOf(colors: string | undefined): Theme {
  const background = colors?.split(";").at(-1);
  if (background === undefined || !/^\d+$/.test(background)) return "unknown";
  return Number(background) <= 6 || background === "8" ? "dark" : "light";
}

/** Windows terminals have no locale variables and do speak UTF-8; so do macOS's without any. */
function isUtf8(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"];
  return locale === undefined || locale === "" || /utf-?8/i.test(locale);
}
