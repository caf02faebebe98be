import { messageOfTurn } from "../../chat/index.ts";
import { changeFromText } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { shownMessage } from "../editor/draft.ts";
import type { Choice } from "../lists/choice.ts";
import { byWords } from "../lists/matching.ts";
import { askAgain, askWithSeed, editTurn, undoTurn } from "../store/moves.ts";
import type { ChatState, Update } from "../store/state.ts";
import type { Command } from "./command.ts";

/** Commands that go back in the conversation. */
export const moves: readonly Command[] = [
  {
    name: "again",
    arguments: "[new or SEED]",
    help: "decode the last answer again; alone: with the settings it had; new: with another seed",
    run: again,
  },
  {
    name: "undo",
    arguments: "",
    help: "take back the last message and its answer",
    run: undoTurn,
  },
  {
    name: "edit",
    arguments: "[n]",
    help: "change message n, or the last one, and go on from there",
    run: editMessage,
    values: (state, typed) => ({
      items: byWords(messageChoices(state), typed),
      picked: typed === "" ? "last" : "first",
      passing: true,
      title: state.turns.length === 0 ? "nothing was asked yet" : "earlier messages: Enter edits one",
    }),
  },
];

function messageChoices({ turns }: ChatState): Choice[] {
  return turns.map((turn, index) => ({
    label: String(index + 1),
    detail: shownMessage(messageOfTurn(turn)).slice(0, 300).replaceAll(/\s+/g, " "),
    text: String(index + 1),
    onEnter: "run",
  }));
}

function again(state: ChatState, argument: string): Update {
  if (argument === "") return askAgain(state, {});
  if (argument === "new") return askWithSeed(state);
  return askWithSeed(state, changeFromText("seed", argument).seed);
}

function editMessage(state: ChatState, argument: string): Update {
  const number = argument === "" ? state.turns.length : Number(argument);
  if (!Number.isInteger(number))
    throw new UserError("usage", `Say which message: /edit 2, not "${argument}".`);
  return editTurn(state, number);
}
