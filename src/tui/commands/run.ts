import { UserError } from "../../errors.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";
import { commands } from "./table.ts";

/** Is it a command, not a message that begins with a path? */
export function isCommand(text: string): boolean {
  return /^\/[a-z?]*(\s|$)/i.test(text);
}

/** Runs "/name argument". What is wrong with it is said above the prompt, and what was typed stays in it. */
export function runCommand(state: ChatState, text: string): Update {
  const [, name = "", argument = ""] = /^\/(\S*)\s*([^]*)$/.exec(text.trim()) ?? [];
  try {
    return find(name.toLowerCase()).run(cleared(state), argument.trim());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return update(notify(state, error.message, "error"));
  }
}

function cleared(state: ChatState): ChatState {
  return { ...state, editor: { ...state.editor, text: "", cursor: 0, undo: [], last: "other" } };
}

/** By name, or by any beginning of it that only one command has. */
function find(name: string): Command {
  const starting = commands.filter((each) => each.name.startsWith(name));
  const found =
    commands.find((each) => each.name === name) ?? (starting.length === 1 ? starting[0] : undefined);
  if (found !== undefined) return found;
  const near = nearest(name);
  const hint = near === undefined ? "/help lists them." : `Did you mean /${near.name}?`;
  throw new UserError("usage", `There is no command /${name}. ${hint}`);
}

function nearest(name: string): Command | undefined {
  const ranked = commands
    .map((command) => ({ command, distance: editDistance(name, command.name) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, name.length / 2) ? best.command : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(i - 2, j - 2) + 1 : Infinity;
      const best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same, swapped);
      rows[i]?.push(best);
    }
  }
  return cell(a.length, b.length);
}
