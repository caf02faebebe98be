import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openEngineProcess, type EngineOptions } from "../../engine/index.ts";
import { messageOf } from "../../errors.ts";
import { timeFirstFrame } from "./first-frame.ts";

/** Milliseconds from the start of a program of its own. */
export interface StartTimes {
  /** of a chat: the prompt can be typed into; absent where it could not be timed */
  readonly frame?: number;
  /** the engine's process has started and loaded the model */
  readonly model: number;
  /** of `ask`: the first block of the answer is out */
  readonly firstBlock: number;
  /** why something is absent */
  readonly note?: string;
}

const program = fileURLToPath(new URL("../../../bin/sdar-chat.js", import.meta.url));

/**
 * Starts the program as a person does and takes the time; the best of three, for the first finds cold files.
 * @throws the signal's reason, if it came before the first frame was all that was left
 */
export async function startTimes(
  folder: string,
  engine: EngineOptions,
  signal: AbortSignal,
): Promise<StartTimes> {
  const options = ["--model", folder, "--device", engine.device, "--threads", String(engine.threads)];
  const model = await best(() => engineStart(folder, engine), signal);
  const firstBlock = await best(() => askStart(options, signal), signal);
  try {
    const frame = await best(() => timeFirstFrame([program, ...options], signal), signal);
    return { frame, model, firstBlock };
  } catch (error) {
    if (signal.aborted) return { model, firstBlock };
    return { model, firstBlock, note: `The first frame could not be timed: ${messageOf(error)}` };
  }
}

async function best(measure: () => Promise<number>, signal: AbortSignal): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    times.push(await measure());
    signal.throwIfAborted();
  }
  return Math.min(...times);
}

async function engineStart(folder: string, options: EngineOptions): Promise<number> {
  const started = performance.now();
  const engine = await openEngineProcess(folder, options);
  const time = performance.now() - started;
  await engine.close();
  return time;
}

async function askStart(options: readonly string[], signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const parameters = [program, "ask", "--json", ...options, "--max-tokens", "16", "Hello"];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "ignore"], signal });
  child.on("error", () => {}); // the signal, which the caller looks for himself
  let time = Number.NaN;
  for await (const chunk of child.stdout) {
    if (Number.isNaN(time) && String(chunk).includes('"block_finished"')) time = performance.now() - started;
  }
  return time;
}
