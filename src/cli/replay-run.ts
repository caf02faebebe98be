import { UserError } from "../errors.ts";
import { openTokenizer } from "../model/index.ts";
import { wishesOf } from "./display-wishes.ts";
import { programPaths } from "./paths.ts";
import type { ReplayCommandOptions } from "./replay.ts";
import { openSource, sayOtherModel } from "./replay-source.ts";
import { openFolder } from "./session.ts";
import { gatherSettings } from "./sources.ts";

/** A saved answer on the screen, until the person leaves it. Needs of the model only its tokenizer. */
export async function replay(file: string, options: ReplayCommandOptions): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      "usage",
      "A replay needs a terminal. Without one there is: sdar-chat replay FILE --verify",
    );
  }
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const source = await openSource(file, paths);
  const folder = await openFolder(chosen, paths);
  sayOtherModel(source, folder);
  const tokens = await openTokenizer(folder);
  const { chooseDisplay, showReplay } = await import("../tui/index.ts");
  const display = chooseDisplay(process.env, process.stdout.getColorDepth(), wishesOf(chosen.screen));
  const { answer } = options;
  await showReplay({ turns: source.turns, tokens, display, ...(answer !== undefined && { answer }) });
}
