import { writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf, UserError } from "../../errors.ts";

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
      if (isTaken(error)) continue;
      throw new UserError("file", `${file} could not be written: ${messageOf(error)}.`, { cause: error });
    }
  }
  throw new UserError("file", `There are ${most} files ${name}-N.cast already: move some of them away.`);
}

const isTaken = (error: unknown) => error instanceof Error && "code" in error && error.code === "EEXIST";
