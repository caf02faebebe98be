import { describe, expect, test } from "vitest";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

describe.skipIf(!built)("/compare", () => {
  test("answers twice on the screen, says where the texts part, and keeps neither", async () => {
    const argv = [program, "--model", model, "--max-tokens", "16", "--view", "live"];
    const terminal = closeAfterTest(
      new PseudoTerminal(process.execPath, argv, { rows: 40, env: { ...ownFolders(), COLORTERM: "" } }),
    );
    await terminal.until(/^> /m);
    await terminal.press("/compare strategy=sequential threshold=0,strategy=dynamic -- Why is the sky blue?");
    await terminal.press(keys.enter);
    await terminal.until(/^strategy=sequential .*sequential[^]*^threshold=0,strategy=dynamic {2}strategy/m);
    await terminal.until(/^passes +16 +\d {2}0\.\d\dx$[^]*^They part at token \d+: ".*" on the left/m);
    await terminal.until((window) => !/^(?:block|reading|stopping)/m.test(window));
    await terminal.press("/undo", keys.enter);
    await terminal.until(/Nothing was asked yet/);
    await terminal.press("\u0015/compare careful now -- Tell me about the sea.", keys.enter);
    await terminal.until(/^block \d+/m);
    await terminal.press(keys.escape);
    await terminal.until(/The comparison was stopped\./);
    expect(terminal.page()).not.toContain("░");
  });
});
