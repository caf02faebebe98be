import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

/** "no color": a terminal that knows nothing of colours; "nothing": one that answers no question at all. */
type Answer = { readonly color: string } | "no color" | "nothing";

/** A chat on a terminal that answers so when it is asked for its background. */
function openChat(answer: Answer, argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const all = [program, "--model", model, ...argv];
  const options = { env: { ...ownFolders(), COLORTERM: "truecolor", ...env } };
  const terminal = closeAfterTest(new PseudoTerminal(process.execPath, all, options));
  const { parser } = terminal.terminal;
  const asked: string[] = [];
  parser.registerOscHandler(11, (data) => {
    asked.push(data);
    if (typeof answer === "object") terminal.child.write(`\u001B]11;${answer.color}\u001B\\`);
    return true;
  });
  if (answer === "nothing") parser.registerCsiHandler({ final: "c" }, () => true);
  return { terminal, asked };
}

/** The colour of an error, which says which table is in use. */
async function tableOf(terminal: PseudoTerminal): Promise<string> {
  await terminal.until(/^> /m);
  await terminal.press("/nonsense", keys.enter);
  await terminal.until(/There is no command/);
  const color = /\[([\d;]*)mThere is no/.exec(terminal.raw)?.[1] ?? "";
  return { "38;2;255;122;92": "dark", "38;2;179;38;30": "light", "31": "16 colours" }[color] ?? color;
}

describe.skipIf(!built)("the background of the terminal", () => {
  test.for([
    ["a dark answer", { color: "rgb:1e1e/1e1e/1e1e" }, {}, "dark"],
    ["a light answer where COLORFGBG says dark", { color: "rgb:fd/f6/e3" }, { COLORFGBG: "15;0" }, "light"],
    ["no answer to this question, but COLORFGBG", "no color", { COLORFGBG: "0;15" }, "light"],
    ["no answer at all", "nothing", {}, "16 colours"],
  ] as const)("%s", async ([, answer, env, table]) => {
    const { terminal, asked } = openChat(answer, [], env);
    expect(await tableOf(terminal)).toBe(table);
    expect(asked).toEqual(["?"]);
    expect(terminal.page()).not.toMatch(/rgb|1e1e|62;22/);
    expect(terminal.window().filter((row) => row.startsWith("> "))).toEqual(["> /nonsense"]);
  });

  test("an answer that comes too late is not taken for typed text", async () => {
    const { terminal } = openChat("nothing");
    await terminal.until(/^> /m);
    await terminal.press("he", "\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\\u001B[?62;22c", "llo");
    await terminal.press("\u001B]11;rgb:1e1e/1e1e/1e1e\u0007", "!");
    await terminal.until(/^> hello!$/m);
    expect(terminal.page()).not.toMatch(/rgb|1e1e|62;22/);
  });

  test("where the person says what it is, the terminal is not asked", async () => {
    const { terminal, asked } = openChat({ color: "rgb:1e1e/1e1e/1e1e" }, ["--theme", "light"]);
    expect(await tableOf(terminal)).toBe("light");
    expect(asked).toEqual([]);
  });

  test.for([
    ["asked", []],
    ["not asked", ["--theme", "dark"]],
  ] as const)("what is typed before the first frame is sent, whole and once: %s", async ([, argv]) => {
    const { terminal } = openChat({ color: "rgb:ffff/ffff/ffff" }, ["--max-tokens", "1", ...argv]);
    for (const part of ["héllo", " 日本", " and", " on", keys.enter]) {
      terminal.child.write(part);
      await delay(20);
    }
    await terminal.until(/^> héllo 日本 and on\n[^]*^> message/m);
    expect(terminal.page().match(/日本/g)?.length).toBeLessThan(3); // the terminal's own echo may be the first
  });
});
