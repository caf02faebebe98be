import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { holdWarnings } from "../../src/tui/shell/warnings.ts";

test("warnings of Node wait until the screen is given back", async () => {
  // Without Node's own listener, which would print the warning into the report.
  const own = process.listeners("warning");
  process.removeAllListeners("warning");
  const heard: string[] = [];
  const listener = ({ message }: Error) => void heard.push(message);
  process.on("warning", listener);
  const letGo = holdWarnings();
  process.emitWarning("something is deprecated");
  await delay(10);
  expect(heard).toEqual([]);
  letGo();
  await delay(10);
  expect(heard).toEqual(["something is deprecated"]);
  process.off("warning", listener);
  for (const each of own) process.on("warning", each);
});
