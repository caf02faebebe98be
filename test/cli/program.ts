import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** Folder of a test file, gone when its tests are. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sdar-chat-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** standard input; empty if absent */
  readonly input?: string | Uint8Array;
  /** standard input stays open behind it */
  readonly staysOpen?: true;
  readonly env?: Readonly<Record<string, string>>;
  /** script beside this file that runs the program (default: entry.ts) */
  readonly entry?: string;
  /** file descriptor for standard output instead of a pipe */
  readonly output?: number;
  readonly onStart?: (child: ChildProcess) => Promise<void>;
  /** called once, when the first output has come */
  readonly onOutput?: (child: ChildProcess) => void;
  /** the same for standard error */
  readonly onComplaint?: (child: ChildProcess) => void;
}

/** Runs the real program in a process of its own, with its folders under `home`. */
export function runProgram(home: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const entry = path.join(import.meta.dirname, options.entry ?? "entry.ts");
  const child = spawn(process.execPath, [entry, ...args], {
    env: cleanEnvironment(home, options.env),
    stdio: ["pipe", options.output ?? "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (stdout === "") options.onOutput?.(child);
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (stderr === "") options.onComplaint?.(child);
    stderr += text;
  });
  child.stdin?.on("error", () => {}); // it may have ended before it read all
  if (options.staysOpen) child.stdin?.write(options.input ?? "");
  else child.stdin?.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    options.onStart?.(child).catch(reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The environment without what a developer may have set, and with folders of the test's own. */
export function cleanEnvironment(home: string, more: Readonly<Record<string, string>> = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(SDAR_CHAT_|XDG_|CI$|NODE_OPTIONS$)/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "data"),
    XDG_CACHE_HOME: path.join(home, "cache"),
    ...more,
  };
}
