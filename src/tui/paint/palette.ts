import type { Form, Piece, Row, Style } from "../text/row.ts";
import { tableFor, type ColorTable } from "./color-table.ts";
import { formsFor } from "./forms.ts";

/**
 * What the terminal can show. "none": no attribute at all; "mono": bold, underline, inverse but no colour;
 * then 16 colours of the terminal's own theme, the 256 of xterm, and 24 bit.
 */
export type ColorDepth = "none" | "mono" | "16" | "256" | "truecolor";

/** The terminal's background; unknown takes only the colours that its own theme defines. */
export type Theme = "dark" | "light" | "unknown";

type Styles = Readonly<Record<Style, string>>;

/** SGR parameters of a style; "" is the terminal's own colour. */
export interface Palette extends Styles, Readonly<Record<Form, string>> {
  /** may a text be a link, to be clicked (OSC 8)? */
  readonly links: boolean;
}

type Doubts = readonly [doubt1: string, doubt2: string, doubt3: string, doubt4: string];

const rgb = (hex: string) =>
  `38;2;${Number.parseInt(hex.slice(0, 2), 16)};${Number.parseInt(hex.slice(2, 4), 16)};${Number.parseInt(hex.slice(4), 16)}`;

/**
 * Doubt from slight to grave. Blue, yellow, orange, red: the order holds for colour-blind readers, and every
 * colour has a contrast of 5.6 or more on the usual dark (black, #1e1e1e, #002b36) or light (white, #fdf6e3) grounds.
 */
const doubts: Record<"mono" | ColorTable, Doubts> = {
  mono: ["", "4", "4;1", "7"],
  "16": ["36", "33", "35", "31"],
  "256": ["38;5;74", "38;5;178", "38;5;208", "38;5;203"],
  "256light": ["38;5;25", "38;5;58", "38;5;94", "38;5;124"],
  dark: [rgb("56B4E9"), rgb("E8D44D"), rgb("E69F00"), rgb("FF7A5C")],
  light: [rgb("0067A3"), rgb("7A6000"), rgb("9A4F00"), rgb("B3261E")],
};

/** Does the terminal show colours, not attributes alone? */
export function isColored(depth: ColorDepth): boolean {
  return depth !== "none" && depth !== "mono";
}

export function paletteFor(depth: ColorDepth, theme: Theme): Palette {
  return { ...stylesFor(depth, theme), ...formsFor(depth, theme), links: isColored(depth) };
}

function stylesFor(depth: ColorDepth, theme: Theme): Styles {
  if (depth === "none") return palette(["", "", "", ""], { dim: "", strong: "", error: "", refused: "" });
  if (depth === "mono") return palette(doubts.mono, { dim: "2", strong: "1", error: "1", refused: "2;9" });
  const table = tableFor(depth, theme);
  return palette(doubts[table], { dim: "2", strong: "1", error: doubts[table][3], refused: "2;9" });
}

function palette(
  [doubt1, doubt2, doubt3, doubt4]: Doubts,
  base: { dim: string; strong: string; error: string; refused: string },
): Styles {
  return {
    text: "",
    dim: base.dim,
    strong: base.strong,
    user: base.strong,
    error: base.error,
    warning: doubt2,
    pending: base.strong,
    mask: base.dim,
    refused: base.refused,
    doubt1,
    doubt2,
    doubt3,
    doubt4,
  };
}

/** The row as the terminal reads it: each piece closes what it opened, so that no attribute leaks. */
export function paintRow(row: Row, colors: Palette): string {
  return row.map((each) => paintPiece(each, colors)).join("");
}

/** The style comes last: doubt shows over what colours Markdown gives. */
function paintPiece({ text, style, forms = [], link }: Piece, colors: Palette): string {
  const parameters = [...forms, style].map((each) => colors[each]).filter((each) => each !== "");
  if (text === "") return text;
  const painted = parameters.length === 0 ? text : `\u001B[${parameters.join(";")}m${text}\u001B[0m`;
  return link !== undefined && colors.links
    ? `\u001B]8;;${link}\u001B\\${painted}\u001B]8;;\u001B\\`
    : painted;
}
