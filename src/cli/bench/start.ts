import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openEngineProcess } from "../../engine/index.ts";

/** Milliseconds from the start of a program of its own. */
export interface StartTimes {
  /** of a chat: the prompt can be typed into; absent where no pseudo-terminal could be had */
  readonly frame?: number;
  /** the engine's process has started and loaded the model */
  readonly model: number;
  /** of `ask`: the first block of the answer is out */
  readonly firstBlock: number;
  /** why something is absent */
  readonly note?: string;
}

/** What every terminal is asked (DA1), and what it answers. */
const terminalQuestion = "\u001B[c";
const terminalAnswer = "\u001B[?62;22c";

const program = fileURLToPath(new URL("../../../bin/sdar-chat.js", import.meta.url));

/** Starts the program as a person does and takes the time; the best of three, for the first finds cold files. */
export async function startTimes(folder: string): Promise<StartTimes> {
  const model = await best(() => engineStart(folder));
  const firstBlock = await best(() => askStart(folder));
  try {
    return { frame: await best(() => frameStart(folder)), model, firstBlock };
  } catch {
    const note = "The first frame needs a pseudo-terminal: install @lydell/node-pty beside sdar-chat.";
    return { model, firstBlock, note };
  }
}

async function best(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) times.push(await measure());
  return Math.min(...times);
}

async function engineStart(folder: string): Promise<number> {
  const started = performance.now();
  const engine = await openEngineProcess(folder, { device: "auto", threads: 0 });
  const time = performance.now() - started;
  await engine.close();
  return time;
}

async function askStart(folder: string): Promise<number> {
  const started = performance.now();
  const parameters = [program, "ask", "--json", "--model", folder, "--max-tokens", "16", "Hello"];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "ignore"] });
  let time = Number.NaN;
  for await (const chunk of child.stdout) {
    if (Number.isNaN(time) && String(chunk).includes('"block_finished"')) time = performance.now() - started;
  }
  return time;
}

/** @throws where no pseudo-terminal can be had */
async function frameStart(folder: string): Promise<number> {
  const { default: pty } = await import("@lydell/node-pty");
  const started = performance.now();
  const parameters = [program, "--no-save", "--model", folder];
  const child = pty.spawn(process.execPath, parameters, { cols: 80, rows: 24, name: "xterm-256color" });
  const ended = new Promise((resolve) => child.onExit(resolve));
  const time = await new Promise<number>((resolve) => {
    child.onData((data) => {
      if (data.includes(terminalQuestion)) child.write(terminalAnswer);
      // The status row with its share of the context is the last row of a frame.
      if (data.includes("ctx")) resolve(performance.now() - started);
    });
  });
  child.kill();
  await ended;
  return time;
}
