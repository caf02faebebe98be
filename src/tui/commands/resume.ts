import { byWords } from "../lists/matching.ts";
import { chatWords } from "../store/earlier.ts";
import { listFor } from "../store/list.ts";
import { settled } from "../store/moves.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";

export const resume: Command = {
  name: "resume",
  arguments: "[n or id]",
  help: "go on with an earlier conversation; alone: list them",
  run: resumeEarlier,
  values: ({ shelf: { chats } }, typed) => ({
    items: byWords(
      chatWords(chats?.saved ?? [], chats?.at ?? 0).map(({ age, words, facts }, index) => ({
        label: String(index + 1),
        detail: `${age}  ${words}  ${facts}`,
        text: String(index + 1),
        onEnter: "run",
      })),
      typed,
    ),
    picked: "first",
    passing: true,
    title:
      chats === undefined ? "looking for conversations" : "earlier conversations: Enter goes on with one",
  }),
  needs: { type: "earlier" },
};

function resumeEarlier(state: ChatState, argument: string): Update {
  if (argument !== "") {
    return update({ ...settled(state, "resume"), moving: "resume" }, { type: "resume", wanted: argument });
  }
  return update(state.popups ? listFor(state, "/resume ") : state, { type: "earlier" });
}
