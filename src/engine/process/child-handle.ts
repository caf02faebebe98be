import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../errors.ts";
import type { EngineInfo, EngineOptions } from "../engine.ts";
import type { EngineEvent } from "../events.ts";
import { unpackError, type ChildRequest, type FromChild, type ToChild } from "./messages.ts";

/** How long a process, or what runs in it, may take to end by itself: a pass over a long prefill chunk and more. */
export const graceMilliseconds = 3000;

/** An answer that a message from the child will bring. */
interface Expectation {
  readonly message: (message: FromChild) => void;
  readonly failure: (error: Error) => void;
}

/** The parent's end of one engine process. */
export class ChildHandle {
  readonly #process: ChildProcess;
  #expected: Expectation | undefined;
  #complaints = "";
  #alive = true;
  #killed = false;

  constructor() {
    // this file's own ending: .ts where Node runs the sources, .js once built
    const entry = new URL(`./child${extname(import.meta.url)}`, import.meta.url);
    this.#process = fork(fileURLToPath(entry), [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [],
    });
    this.#process.on("message", (message: FromChild) => this.#receive(message));
    this.#process.on("error", (error) => this.#end(`could not be started: ${error.message}`));
    this.#process.on("exit", (code, signal) =>
      this.#end(`ended unexpectedly (${signal ?? `exit code ${code}`})`),
    );
    this.#process.stderr?.setEncoding("utf8");
    this.#process.stderr?.on(
      "data",
      (text: string) => (this.#complaints = (this.#complaints + text).slice(-2000)),
    );
  }

  /** Whether it can be asked for something. */
  get alive(): boolean {
    return this.#alive && this.#process.connected;
  }

  /** Whether it was ended on purpose. */
  get killed(): boolean {
    return this.#killed;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToChild): void {
    // an error means that it is gone, which its exit tells better
    if (this.alive) this.#process.send(message, () => {});
  }

  /** Loads a model. @throws UserError model-missing, model-invalid, engine */
  async open(folder: string, options: EngineOptions): Promise<EngineInfo> {
    return await this.#ask({ type: "open", folder, options }, (message) =>
      message.type === "ready" ? message.info : undefined,
    );
  }

  /** Runs a generation to its end. @throws UserError usage, context-full, engine */
  async generate(request: ChildRequest, emit: (events: readonly EngineEvent[]) => void): Promise<void> {
    await this.#ask({ type: "generate", request }, (message) => {
      if (message.type === "events") emit(message.events);
      return message.type === "done" ? true : undefined;
    });
  }

  /** Ends the process at once, whatever it is doing. */
  kill(): void {
    this.#killed = true;
    this.#process.kill("SIGKILL");
  }

  /** Ends the process; resolves when it is gone. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#process, "exit");
    const impatience = setTimeout(() => this.#process.kill("SIGKILL"), graceMilliseconds);
    if (this.#process.connected) this.#process.disconnect();
    await gone;
    clearTimeout(impatience);
  }

  #ask<T>(question: ToChild, answer: (message: FromChild) => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#expected = {
        message: (message) => {
          const result = answer(message);
          if (result !== undefined) resolve(result);
        },
        failure: reject,
      };
      if (this.alive) this.send(question);
      else reject(this.#gone("is gone"));
    });
  }

  #receive(message: FromChild): void {
    if (message.type === "failed") this.#expected?.failure(unpackError(message.error));
    else this.#expected?.message(message);
  }

  #end(how: string): void {
    this.#alive = false;
    this.#expected?.failure(this.#gone(how));
  }

  #gone(how: string): UserError {
    if (this.#killed)
      return new UserError("engine", "The engine was ended. The next message starts it again.");
    const last = this.#complaints.trim().split("\n").at(-1) ?? "";
    const said = last === "" ? "" : ` Its last words: ${last}`;
    return new UserError(
      "engine",
      `The engine's process ${how}; the system may have had too little memory.${said} Ask again: a new one starts by itself.`,
    );
  }
}
