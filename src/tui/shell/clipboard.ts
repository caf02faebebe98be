import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf, UserError } from "../../errors.ts";

/** A program and its arguments: it takes the text on its standard input. */
export type ClipboardProgram = readonly [string, ...string[]];

/** macOS, Wayland, X11, Windows (from WSL too). */
const programsThereAre: readonly ClipboardProgram[] = [
  ["pbcopy"],
  ["wl-copy"],
  ["xclip", "-selection", "clipboard"],
  ["clip.exe"],
];

/** Bytes: what xterm takes as one sequence of 100,000 characters of base64. */
const mostForTerminal = 74_994;
const patience = 2000;

/**
 * Copies a text: by the terminal (OSC 52, which works over ssh but is never acknowledged) and by the system's
 * clipboard program, whichever there are; else into a file.
 * @param terminal writes to it; absent: it takes no sequences
 * @returns a sentence that says which
 * @throws UserError file
 */
export async function copyText(
  text: string,
  terminal: ((sequence: string) => void) | undefined,
  programs: readonly ClipboardProgram[] = programsThereAre,
): Promise<string> {
  const bytes = Buffer.from(text);
  const sent = terminal !== undefined && bytes.length <= mostForTerminal;
  if (sent) terminal(`\u001B]52;c;${bytes.toString("base64")}\u0007`);
  const taken = await firstThatTakes(bytes, programs);
  const size = `${text.length} ${text.length === 1 ? "character" : "characters"}`;
  if (taken !== undefined) return `Copied ${size} by ${taken}${sent ? " and the terminal (OSC 52)" : ""}.`;
  if (sent)
    return `Copied ${size} by the terminal (OSC 52). If it does not take them, /save FILE.md writes a file.`;
  return `There is no clipboard for ${size}: they are in ${await intoFile(text)}.`;
}

async function firstThatTakes(
  bytes: Buffer,
  programs: readonly ClipboardProgram[],
): Promise<string | undefined> {
  for (const program of programs) if (await takes(bytes, program)) return program[0];
  return undefined;
}

function takes(bytes: Buffer, [name, ...options]: ClipboardProgram): Promise<boolean> {
  const child = spawn(name, options, { stdio: ["pipe", "ignore", "ignore"], timeout: patience });
  child.stdin.on("error", () => {}); // it may end before it has read all
  child.stdin.end(bytes);
  return new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

async function intoFile(text: string): Promise<string> {
  try {
    const file = path.join(await mkdtemp(path.join(tmpdir(), "sdar-chat-")), "copied.txt");
    await writeFile(file, text, { mode: 0o600 });
    return file;
  } catch (error) {
    throw new UserError("file", `There is no clipboard, and no file could be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
