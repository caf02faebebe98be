import { settled } from "../store/moves.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";

export const resume: Command = {
  name: "resume",
  arguments: "[n or id]",
  help: "go on with an earlier conversation; alone: list them",
  run: resumeEarlier,
};

function resumeEarlier(state: ChatState, argument: string): Update {
  if (argument === "") return update(state, { type: "earlier" });
  return update(settled(state, "resume"), { type: "resume", wanted: argument });
}
