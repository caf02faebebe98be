import { UserError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { emptied } from "../editor/state.ts";
import { notify, withoutNotice } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import { clip } from "../text/graphemes.ts";
import type { Command } from "./command.ts";
import { commands } from "./table.ts";

/** A sentence that quotes what was typed may have a whole paste in it: more than these cells are not shown. */
const longestSentence = 400;

/** Is it a command, not a message that begins with a path? */
export function isCommand(text: string): boolean {
  return /^\/[a-z?]*(\s|$)/i.test(text);
}

/**
 * Runs "/name argument". What is wrong with it is said above the prompt, and what was typed stays in it; what was wrong
 * with an earlier one is no news any more.
 */
export function runCommand(state: ChatState, text: string): Update {
  const [, name = "", argument = ""] = /^\/(\S*)\s*([^]*)$/.exec(text.trim()) ?? [];
  try {
    const ready = { ...withoutNotice(state), editor: emptied(state.editor) };
    return find(name.toLowerCase()).run(ready, argument.trim());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return update(notify(state, clip(error.message, longestSentence, "..."), "error"));
  }
}

/** By name, or by any beginning of it that only one command has. */
function find(name: string): Command {
  const starting = commands.filter((each) => each.name.startsWith(name));
  const found =
    commands.find((each) => each.name === name) ?? (starting.length === 1 ? starting[0] : undefined);
  if (found !== undefined) return found;
  if (starting.length > 1) {
    const names = starting.map((each) => `/${each.name}`).join(", ");
    throw new UserError("usage", `/${name} may be ${names}. Type more of the one you want.`);
  }
  const near = nearest(
    name,
    commands.map((each) => each.name),
  );
  const hint = near === undefined ? "/help lists them." : `Did you mean /${near}?`;
  throw new UserError("usage", `There is no command /${name}. ${hint}`);
}
