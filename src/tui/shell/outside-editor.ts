import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import { longestText } from "../editor/chips.ts";

/**
 * Lets a person change a text in a program of their own, which has the terminal meanwhile.
 * @param command as $VISUAL and $EDITOR hold it: a program, its options behind it
 * @returns the text as it was left, without the line feed that editors put at its end
 * @throws UserError usage: there is no editor, or it failed, or the text is too long, which leaves its file; file
 */
export async function editOutside(command: string | undefined, text: string): Promise<string> {
  if (command === undefined || command.trim() === "") {
    throw new UserError(
      "usage",
      "No editor is set: start with VISUAL or EDITOR, as in EDITOR=nano sdar-chat.",
    );
  }
  const folder = await mkdtemp(path.join(tmpdir(), "sdar-chat-")).catch((error: unknown) => {
    throw unusable("The file for the editor could not be written", error);
  });
  const file = path.join(folder, "message.md");
  let isKept = false;
  try {
    await writeFile(file, text === "" ? "" : `${text}\n`, { mode: 0o600 }).catch((error: unknown) => {
      throw unusable("The file for the editor could not be written", error);
    });
    await run(command, file);
    const written = (await readText(file)).replaceAll(/\r\n?/g, "\n").replace(/\n$/, "");
    isKept = written.length > longestText;
    if (isKept) throw tooLong(file);
    return written;
  } finally {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  }
}

const readText = (file: string) =>
  readFile(file, "utf8").catch((error: unknown) => {
    throw unusable("The editor's text could not be read", error);
  });

const tooLong = (file: string) =>
  new UserError(
    "usage",
    `That is more than 1 MB, and no message: it is kept as ${file}, and the prompt is as it was.`,
  );

const unusable = (what: string, error: unknown) =>
  new UserError("file", `${what}: ${messageOf(error)}. The prompt is as it was.`, { cause: error });

/** By the shell, for the command may have quotes in it. Keys like Ctrl-C and Ctrl-Z are the editor's meanwhile. */
async function run(command: string, file: string): Promise<void> {
  const isWindows = process.platform === "win32";
  const [program, ...options] = isWindows
    ? ["cmd.exe", "/d", "/s", "/c", `"${command} "${file}""`]
    : ["/bin/sh", "-c", `${command} "$@"`, command, file];
  const giveBack = handOverKeys();
  try {
    const child = spawn(program ?? "", options, { stdio: "inherit", windowsVerbatimArguments: isWindows });
    const ended = await new Promise<{ readonly code: number | null; readonly signal: string | null }>(
      (resolve, reject) => {
        child
          .on("error", (error) => reject(unusable(`The editor (${command}) could not be started`, error)))
          .on("exit", (code, signal) => resolve({ code, signal }));
      },
    );
    if (ended.code !== 0) throw failed(command, ended.code, ended.signal);
  } finally {
    giveBack();
  }
}

function failed(command: string, code: number | null, signal: string | null): UserError {
  const what = code === 127 ? "is not there" : `ended with ${signal ?? `exit code ${code}`}`;
  return new UserError("usage", `The editor (${command}) ${what}; the prompt is as it was.`);
}

const ignore = () => {};

/** Ctrl-C is no end of this program now; Ctrl-Z stops it as any other of its job. */
function handOverKeys(): () => void {
  const kept = (["SIGINT", "SIGQUIT", "SIGTSTP"] as const).map(
    (name) => [name, process.listeners(name)] as const,
  );
  for (const [name] of kept) process.removeAllListeners(name);
  process.on("SIGINT", ignore).on("SIGQUIT", ignore);
  return () => {
    process.off("SIGINT", ignore).off("SIGQUIT", ignore);
    for (const [name, listeners] of kept) for (const listener of listeners) process.on(name, listener);
  };
}
