/** Prints the README's tables of keys and commands: node docs/keys.ts */
import { bindings } from "../src/tui/keys/bindings.ts";
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

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  return [
    `| ${title} | what it does |`,
    "| - | - |",
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
  ].join("\n");
}

if (import.meta.main) console.log(`${keyTable()}\n\n${commandTable()}`);
