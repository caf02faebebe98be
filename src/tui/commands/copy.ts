import { UserError } from "../../errors.ts";
import { codeBlocks } from "../markdown/code-blocks.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";

export const copy: Command = {
  name: "copy",
  arguments: "[n or code n]",
  help: "copy the last answer, answer n, or block n of code in the last answer",
  run: copyPart,
};

function copyPart(state: ChatState, argument: string): Update {
  const [, code, number] = /^(code)?\s*(\d+)?$/.exec(argument) ?? [];
  if (argument !== "" && code === undefined && number === undefined)
    throw new UserError("usage", `Say what: /copy, /copy 2 or /copy code 1, not "${argument}".`);
  const text =
    code === undefined ? answerOf(state, number ?? state.turns.length) : codeOf(answerOf(state), number);
  return update(state, { type: "copy", text });
}

function answerOf({ turns }: ChatState, number: string | number = turns.length): string {
  const content = turns[Number(number) - 1]?.reply.content.trim() ?? "";
  if (content !== "") return content;
  const there =
    turns.length === 0 ? "There is no answer yet." : `Answers have the numbers 1 to ${turns.length}.`;
  throw new UserError("usage", `There is nothing to copy. ${there}`);
}

/** The n-th fenced block, or the last one. */
function codeOf(content: string, number: string | undefined): string {
  const blocks = codeBlocks(content);
  const block = blocks.at(number === undefined ? -1 : Number(number) - 1);
  if (block !== undefined) return block;
  const there = blocks.length === 0 ? "no code" : `code blocks 1 to ${blocks.length}`;
  throw new UserError("usage", `The last answer has ${there}.`);
}
