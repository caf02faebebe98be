import { expect, test } from "vitest";
import { press } from "../../../src/tui/keys/bindings.ts";
import { openChat, tokensOf } from "../answers.ts";

test("where nothing is drawn around the prompt Tab names the command instead of opening the row", () => {
  const chat = openChat(tokensOf([]));
  expect(press(chat, "tab", 70)?.state.knobRow).toBeDefined();
  const pressed = press({ ...chat, popups: false }, "tab", 70)?.state;
  expect(pressed?.knobRow).toBeUndefined();
  expect(pressed?.notice?.text).toContain("/set");
});
