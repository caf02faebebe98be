import { UserError } from "../../errors.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Choice } from "../lists/choice.ts";
import { byLabel } from "../lists/matching.ts";
import type { Command } from "./command.ts";

export const wrap: Command = {
  name: "wrap",
  arguments: "[words | terminal]",
  help: "break rows of prose between words, or leave whole lines to the terminal; alone: the other one",
  run: setWrap,
  values: (state, typed) => ({
    items: byLabel(waysFor(state.reading.wrap), typed),
    picked: "first",
  }),
};

const waysFor = (present: string): Choice[] => [
  wayOf("words", "rows of prose break between words", present),
  wayOf("terminal", "lines go out whole, the terminal breaks them", present),
];

const wayOf = (text: string, words: string, present: string): Choice => ({
  label: text,
  detail: text === present ? `${words} (now)` : words,
  text,
  onEnter: "run",
});

/** `/wrap words`, `/wrap terminal`, or `/wrap` for the other of the two. */
function setWrap(state: ChatState, argument: string): Update {
  const other = state.reading.wrap === "words" ? "terminal" : "words";
  const way = argument === "" ? other : argument;
  if (way !== "words" && way !== "terminal")
    throw new UserError("usage", `/wrap takes words or terminal, not "${argument}".`);
  const said =
    way === "words"
      ? "rows of prose break between words"
      : "lines of prose go out whole; the terminal breaks them";
  return update(notify({ ...state, reading: { ...state.reading, wrap: way } }, said, "dim"));
}
