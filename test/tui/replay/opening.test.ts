import { expect, test } from "vitest";
import { runCommand } from "../../../src/tui/commands/run.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { openChat, tokensOf } from "../answers.ts";

const idle = openChat(tokensOf([]));

test("while another model is loaded a replay is not refused as if there were no answer", () => {
  const loading = runCommand(idle, "/model big").state;
  const pressed = press(loading, "ctrl+o", 70);
  expect(pressed?.effects).toEqual([]);
  expect(pressed?.state.notice?.text).toBe(
    "Another model is being loaded. Wait until it is here, then replay it.",
  );
  const { tokens: _, ...starting } = idle;
  expect(press(starting, "ctrl+o", 70)?.state.notice?.text).toBe("There is no answer to replay yet.");
});
