import { expect, test } from "vitest";
import { backgroundOf } from "../../src/tui/background.ts";
import { chooseDisplay } from "../../src/tui/index.ts";

const utf8 = { LANG: "en_US.UTF-8" };

test("colours follow the terminal's depth", () => {
  expect([1, 4, 8, 24].map((bits) => chooseDisplay(utf8, bits).depth)).toEqual([
    "mono",
    "16",
    "256",
    "truecolor",
  ]);
});

test("NO_COLOR takes the colours, a dumb terminal everything", () => {
  expect(chooseDisplay({ ...utf8, NO_COLOR: "1" }, 24)).toMatchObject({ depth: "mono", manner: "page" });
  expect(chooseDisplay({ ...utf8, NO_COLOR: "" }, 24).depth).toBe("truecolor");
  expect(chooseDisplay({ ...utf8, TERM: "dumb" }, 24)).toMatchObject({ depth: "none", manner: "lines" });
});

test("a locale that is not UTF-8 gets ASCII, unless the person says otherwise", () => {
  expect(chooseDisplay({ LANG: "C" }, 8).ascii).toBe(true);
  expect(chooseDisplay({ LANG: "C", LC_ALL: "C.UTF-8" }, 8).ascii).toBe(false);
  expect(chooseDisplay({}, 8).ascii).toBe(false);
  expect(chooseDisplay({ LANG: "C" }, 8, { ascii: false }).ascii).toBe(false);
});

test("the theme is the person's, else COLORFGBG's, else unknown", () => {
  expect(chooseDisplay({ COLORFGBG: "15;0" }, 8).theme).toBe("dark");
  expect(chooseDisplay({ COLORFGBG: "0;default;15" }, 8).theme).toBe("light");
  expect(chooseDisplay({ COLORFGBG: "15;0" }, 8, { theme: "light" }).theme).toBe("light");
  expect(chooseDisplay({}, 8).theme).toBe("unknown");
});

const mannerOf = (environment: Record<string, string>, screenReader?: boolean) =>
  chooseDisplay(environment, 24, { ...(screenReader !== undefined && { screenReader }) }).manner;

test("a screen reader is asked for by the person, else by ACCESSIBLE or INK_SCREEN_READER", () => {
  expect(mannerOf({})).toBe("page");
  expect(mannerOf({ ACCESSIBLE: "1" })).toBe("spoken");
  expect(mannerOf({ INK_SCREEN_READER: "true" })).toBe("spoken");
  expect(mannerOf({ ACCESSIBLE: "0", INK_SCREEN_READER: "false" })).toBe("page");
  expect(mannerOf({ ACCESSIBLE: "1" }, false)).toBe("page");
  expect(mannerOf({ TERM: "dumb" }, true)).toBe("spoken");
});

const asks = (environment: Record<string, string>, bits: number, theme?: "dark" | "light") =>
  chooseDisplay(environment, bits, { ...(theme !== undefined && { theme }) }).asksBackground;

test("the terminal is asked for its background only where the answer would change a colour", () => {
  expect(asks({}, 24)).toBe(true);
  expect(asks({ COLORFGBG: "15;0" }, 8)).toBe(true);
  expect(asks({}, 24, "dark")).toBe(false);
  expect(asks({}, 4)).toBe(false);
  expect(asks({ NO_COLOR: "1" }, 24)).toBe(false);
  expect(asks({ TERM: "dumb" }, 24)).toBe(false);
  expect(asks({ ACCESSIBLE: "1" }, 24)).toBe(false);
});

test("a colour that a terminal tells is light from half the brightness of white", () => {
  expect(backgroundOf("rgb:ffff/ffff/ffff")).toBe("light");
  expect(backgroundOf("rgb:fd/f6/e3")).toBe("light");
  expect(backgroundOf("rgb:0000/2b2b/3636")).toBe("dark");
  expect(backgroundOf("rgba:0000/0000/0000/ffff")).toBe("dark");
  expect(backgroundOf("rgb:0/0/f")).toBe("dark");
  expect(backgroundOf("?")).toBeUndefined();
});

const breaks = (environment: Record<string, string>) => chooseDisplay(environment, 8).breaksRows;

test("a terminal is known to break rows by what it says of itself, over ssh too; others are not", () => {
  const known = [{ TMUX: "/tmp/tmux-0/default,1,0" }, { TERM: "xterm-kitty" }, { TERM_PROGRAM: "iTerm.app" }];
  expect(known.map(breaks)).toEqual([true, true, true]);
  const others = [{ TERM: "xterm-256color" }, { TERM: "st-256color" }, { TERM: "screen", TMUX: "" }];
  expect(others.map(breaks)).toEqual([false, false, false]);
});
