import { toggleInspector } from "../inspect/opening.ts";
import type { Command } from "./command.ts";

export const inspect: Command = {
  name: "inspect",
  arguments: "",
  help: "show each slot of the block: its token, how sure, why it waits, what else; Left and Right pick; again: hide",
  run: toggleInspector,
};
