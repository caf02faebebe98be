import { sideTyped, type Side } from "../../chat/index.ts";
import { UserError } from "../../errors.ts";
import type { Command } from "../commands/command.ts";
import { changeTyped } from "../store/knobs.ts";
import { settled } from "../store/moves.ts";
import { sayOn } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import { clip } from "../text/graphemes.ts";

export const compare: Command = {
  name: "compare",
  arguments: "A B [-- text]",
  help: "answer the last message, or the text, twice: doubt as named, now, or knobs (block-length=1); keeps neither",
  run,
};

/** "careful fast", "now block-length=1,threshold=0.8 -- Why is the sky blue?" */
function run(state: ChatState, argument: string): Update {
  const [, ways = "", text] = /^((?:(?!--(?:\s|$))\S+\s*)*)(?:--(?:\s+([^]*))?)?$/.exec(argument) ?? [];
  const names = ways.split(/\s+/).filter((name) => name !== "");
  const [one, other] = names;
  if (one === undefined || other === undefined) {
    throw new UserError("usage", "Say which two: /compare careful fast, or /compare now block-length=1.");
  }
  if (names.length > 2) {
    const more = names.slice(2).join(" ");
    throw new UserError("usage", `What to ask goes behind --: /compare ${one} ${other} -- ${more}`);
  }
  const sides: readonly [Side, Side] = [sideTyped(one, changeTyped), sideTyped(other, changeTyped)];
  const asked = text?.trim() ?? "";
  const idle = settled(state, "compare");
  const question = asked === "" ? idle.turns.at(-1)?.user : asked;
  if (question === undefined) {
    throw new UserError("usage", `Nothing was asked yet: /compare ${one} ${other} -- QUESTION`);
  }
  const said = sayOn(idle, `Compared, and not kept: "${clip(inOneRow(question), 60, "...")}"`, "dim");
  return update(
    { ...said, moving: "compare" },
    { type: "compare", sides, ...(asked !== "" && { text: asked }) },
  );
}

const inOneRow = (text: string) => text.replaceAll(/\s+/g, " ").trim();
