import { writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf, messageOf, UserError } from "../../errors.ts";

const most = 1000;

/**
 * Writes a recording into the working directory, as NAME.cast or, where that is taken, NAME-2.cast and so on.
 * @returns its path
 * @throws UserError file
 */
export async function writeCast(name: string, cast: string): Promise<string> {
  for (let number = 1; number <= most; number++) {
    const file = path.resolve(`${name}${number === 1 ? "" : `-${number}`}.cast`);
    try {
      await writeFile(file, cast, { flag: "wx" });
      return file;
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      const why = `${file} could not be written: ${messageOf(error)}.`;
      throw new UserError("file", `${why} Start sdar-chat in a folder that you may write to.`, {
        cause: error,
      });
    }
  }
  throw new UserError("file", `There are ${most} files ${name}-N.cast already: move some of them away.`);
}
