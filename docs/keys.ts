/** Prints the README's tables of keys and commands: node docs/keys.ts */
import { bindings } from "../src/tui/keys/bindings.ts";
import { replayBindings } from "../src/tui/replay/keys.ts";
import { commands } from "../src/tui/commands/table.ts";

/** Every key that has a help text, as the chat's `?` lists them. */
export function keyTable(): string {
  return table(
    "key",
    bindings.filter(({ help }) => help !== "").map(({ shown, help }) => [shown, help]),
  );
}

/** Every command, as `/help` lists them. */
export function commandTable(): string {
  return table(
    "command",
    commands.map(({ name, arguments: parameters, help }) => [`\`${`/${name} ${parameters}`.trim()}\``, help]),
  );
}

/** Keys of the replay, as the last row of its screen lists them. */
export function replayTable(): string {
  const rows = replayBindings.filter(({ shown }) => shown !== "");
  return table(
    "key in the replay",
    rows.map(({ shown, help }) => [shown, help]),
  );
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  return [
    `| ${title} | what it does |`,
    "| - | - |",
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
  ].join("\n");
}

if (import.meta.main) console.log(`${keyTable()}\n\n${commandTable()}\n\n${replayTable()}`);
