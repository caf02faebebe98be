import { messageOf } from "../../errors.ts";

/** What every terminal is asked (DA1), and what it answers. */
const terminalQuestion = "\u001B[c";
const terminalAnswer = "\u001B[?62;22c";

/** A chat that has drawn nothing by then never will. */
const patienceSeconds = 60;

/** What of a pseudo-terminal's child is needed. */
interface Child {
  onData(listener: (data: string) => void): unknown;
  onExit(listener: (end: { readonly exitCode: number }) => void): unknown;
  write(data: string): void;
  kill(signal?: string): void;
}

/**
 * Milliseconds until a chat has drawn its first frame. It is told to draw: a screen reader's variable, or a configuration
 * that asks for lines, would give none.
 * @param chat the program and what it is told besides
 * @throws where no pseudo-terminal can be had, the chat ends or draws nothing; the signal's reason
 */
export async function timeFirstFrame(chat: readonly string[], signal: AbortSignal): Promise<number> {
  const { default: pty } = await pseudoTerminals();
  signal.throwIfAborted();
  const started = performance.now();
  const parameters = [...chat, "--no-save", "--no-screen-reader"];
  const child: Child = pty.spawn(process.execPath, parameters, {
    cols: 80,
    rows: 24,
    name: "xterm-256color",
  });
  const ended = new Promise((resolve) => child.onExit(resolve));
  try {
    await frameOf(child, signal);
    return performance.now() - started;
  } finally {
    // For sure and at once, for nothing is saved. Windows has no signals.
    child.kill(process.platform === "win32" ? undefined : "SIGKILL");
    await ended;
  }
}

async function frameOf(child: Child, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(
    () => reject(new Error(`the chat drew none within ${patienceSeconds} seconds.`)),
    1000 * patienceSeconds,
  );
  signal.addEventListener("abort", stop);
  child.onExit(({ exitCode }) =>
    reject(new Error(`the chat ended before it drew one, exit code ${exitCode}: start it to see why.`)),
  );
  child.onData((data) => {
    if (data.includes(terminalQuestion)) child.write(terminalAnswer);
    // The status row with its share of the context is the last row of a frame.
    if (data.includes("ctx")) resolve();
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

async function pseudoTerminals() {
  try {
    return await import("@lydell/node-pty");
  } catch (error) {
    throw new Error(
      `it needs a pseudo-terminal: install @lydell/node-pty beside sdar-chat (${messageOf(error)}).`,
      { cause: error },
    );
  }
}
