import { UserError } from "../../errors.ts";
import { piece } from "../text/row.ts";
import { noteOn, notify, sayOn } from "../store/notices.ts";
import { settled } from "../store/moves.ts";
import { update, type ChatState, type NoteLine, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";
import { replay } from "../replay/opening.ts";
import { heat } from "./heat.ts";
import { inspect } from "./inspect.ts";
import { compare } from "../compare/command.ts";
import { copy } from "./copy.ts";
import { doubt } from "./doubt.ts";
import { model } from "./model.ts";
import { moves } from "./moves.ts";
import { resume } from "./resume.ts";
import { set } from "./set.ts";
import { statsLines } from "./stats.ts";
import { view } from "./view.ts";
import { wrap } from "./wrap.ts";

/** Every command, in the order of `/help`. */
export const commands: readonly Command[] = [
  {
    name: "help",
    arguments: "",
    help: "this list; ? on an empty prompt shows the keys",
    run: (state) => update(noteOn(state, helpLines())),
  },
  set(() => commands),
  {
    name: "new",
    arguments: "",
    help: "start over with an empty conversation",
    run: (state) => startOver(state, state.system, "A new conversation."),
  },
  {
    name: "system",
    arguments: "[text]",
    help: "start over with this system prompt, none: without one; alone: show the present one",
    run: system,
  },
  ...moves,
  resume,
  copy,
  model,
  wrap,
  view,
  heat,
  inspect,
  {
    name: "save",
    arguments: "FILE.md",
    help: "write the conversation as Markdown",
    run: save,
  },
  {
    name: "stats",
    arguments: "",
    help: "rates of the last answer, the room left in the context, the model and its strategy",
    run: (state) => update(noteOn(state, statsLines(state))),
  },
  doubt,
  {
    name: "replay",
    arguments: "[n]",
    help: "scrub through every denoising step of the last answer, or of the n-th",
    run: replay,
  },
  compare,
  {
    name: "quit",
    arguments: "",
    help: "leave",
    run: (state) => update(state, { type: "quit" }),
  },
];

/** "/name arguments  help" of every command. */
function helpLines(): NoteLine[] {
  const usages = commands.map((each) => `/${each.name} ${each.arguments}`.trim());
  const width = Math.max(...usages.map((usage) => usage.length));
  return commands.map((each, index) => ({
    lead: [piece((usages[index] ?? "").padEnd(width + 2))],
    text: [piece(each.help, "dim")],
  }));
}

function system(state: ChatState, argument: string): Update {
  if (argument === "") {
    return update(noteOn(state, [{ lead: [], text: [piece(state.system ?? "There is no system prompt.")] }]));
  }
  if (argument === "none") return startOver(state, undefined, "A new conversation without a system prompt.");
  return startOver(state, argument, "A new conversation with this system prompt.");
}

function startOver(state: ChatState, prompt: string | undefined, sentence: string): Update {
  const { answer: _, system: __, ...rest } = settled(state, "start over");
  const fresh: ChatState = {
    ...rest,
    ...(prompt === undefined ? {} : { system: prompt }),
    turns: [],
    context: { ...state.context, tokens: 0 },
  };
  return update(sayOn(fresh, sentence, "dim"), { type: "newChat", system: prompt });
}

/** A name may have spaces in it as it is; quotes around it are the ones that other programs need. */
function save(state: ChatState, argument: string): Update {
  const path = argument.replace(/^(["'])(.*)\1$/s, "$2");
  if (path === "") throw new UserError("usage", "Say where to: /save FILE.md");
  if (!/\.(md|markdown)$/i.test(path)) {
    throw new UserError(
      "usage",
      `/save writes Markdown: give the file a name that ends in .md, not "${path}".`,
    );
  }
  return update(notify(state, "saving", "dim"), { type: "save", path });
}
