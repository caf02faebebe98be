/** Prints docs/keys.md: node docs/keys.ts > docs/keys.md */
import { bindings } from "../src/tui/keys/bindings.ts";
import { replayBindings } from "../src/tui/replay/keys.ts";
import { commands } from "../src/tui/commands/table.ts";

/** All keys and commands, from the tables that the program itself reads. */
export function keysPage(): string {
  return `# Keys and commands

In the chat \`?\` on an empty prompt prints the keys and \`/help\` the commands. This page is made from the same tables
(\`node docs/keys.ts > docs/keys.md\`).

## Keys

${table("key", "what it does", keyRows)}

## Commands

The beginning of a name will do where only one command has it.

${table("command", "what it does", commandRows)}

## Keys in the replay

${table("key", "what it does", replayRows)}
`;
}

const keyRows = bindings.filter(({ help }) => help !== "").map(({ shown, help }) => [shown, help] as const);

const commandRows = commands.map(
  ({ name, arguments: parameters, help }) => [`\`${`/${name} ${parameters}`.trim()}\``, help] as const,
);

const replayRows = replayBindings
  .filter(({ shown }) => shown !== "")
  .map(({ shown, about }) => [shown, about] as const);

function table(name: string, what: string, rows: readonly (readonly [string, string])[]): string {
  return [
    `| ${name} | ${what} |`,
    "| - | - |",
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
  ].join("\n");
}

if (import.meta.main) process.stdout.write(keysPage());
