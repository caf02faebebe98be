import { expect, test } from "vitest";
import { paletteFor, type ColorDepth, type Palette } from "../../src/tui/paint/palette.ts";

const grounds = { dark: [0x00_00_00, 0x1e_1e_1e, 0x00_2b_36], light: [0xff_ff_ff, 0xfd_f6_e3] } as const;

/** Colours that come on the terminal's own background. */
const colored = [
  "warning",
  "error",
  "doubt1",
  "doubt2",
  "doubt3",
  "doubt4",
  "code",
  "keyword",
  "name",
] as const;

/** Red, green and blue of an SGR colour of 24 bit or of xterm's cube. */
function rgbOf(sgr: string): readonly number[] {
  const numbers = sgr.split(";").map(Number);
  if (numbers[1] === 2) return numbers.slice(2);
  const cube = (numbers[2] ?? 0) - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) =>
    step === 0 ? 0 : 55 + 40 * step,
  );
}

/** Relative luminance of WCAG 2. */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(sgr: string, ground: number): number {
  const [one, other] = [rgbOf(sgr), [ground >> 16, (ground >> 8) & 255, ground & 255]].map(luminance);
  const [low = 0, high = 0] = [one, other].toSorted((a = 0, b = 0) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test.for([
  ["truecolor", "dark"],
  ["truecolor", "light"],
  ["256", "dark"],
  ["256", "light"],
] as const)("every colour of %s on %s can be read", ([depth, theme]) => {
  const palette = paletteFor(depth, theme);
  const faint = grounds[theme].flatMap((ground) =>
    colored
      .filter((name) => contrast(palette[name], ground) < 4.5)
      .map((name) => `${name} on ${ground.toString(16)}`),
  );
  expect(faint).toEqual([]);
});

/** SGR parameters of every style of a depth. */
const all = (depth: ColorDepth) =>
  (["dark", "light", "unknown"] as const).flatMap((theme) => {
    const palette: Palette = paletteFor(depth, theme);
    return Object.values(palette).filter((value) => typeof value === "string");
  });

test("a terminal of 256 colours is never sent one of 24 bit, one of 16 none of 256", () => {
  expect(all("256").filter((sgr) => sgr.includes("38;2"))).toEqual([]);
  expect(all("16").filter((sgr) => sgr.includes("38;"))).toEqual([]);
  expect(all("mono").filter((sgr) => /(?:^|;)[39]\d/.test(sgr))).toEqual([]);
});
