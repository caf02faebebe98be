import { setTimeout as delay } from "node:timers/promises";

/**
 * Stops this process and all of its job, as Ctrl-Z does where a terminal is not in raw mode: whoever started the
 * program through npm gets the shell back too. Resolves when the job goes on (fg); at once where no shell could
 * ever continue it, for the system ignores the signal there.
 */
export async function suspendJob(): Promise<void> {
  const listeners = process.listeners("SIGTSTP");
  process.removeAllListeners("SIGTSTP");
  process.kill(0, "SIGTSTP");
  await delay(50);
  for (const listener of listeners) process.on("SIGTSTP", listener);
  hearSize();
}

/** While a job is stopped the shell hears of another window size, and the job never: have Node look at it. */
export function hearSize(): void {
  process.kill(process.pid, "SIGWINCH");
}
