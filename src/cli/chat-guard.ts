import type { Conversation } from "../chat/index.ts";
import type { ChatRun } from "../tui/index.ts";
import { exitCodeForThrown } from "./failure.ts";
import { onSignals } from "./interruption.ts";

export interface ChatGuard {
  /** Ends what runs beneath the chat; a model that is still loading is left to end by itself. */
  close(): Promise<void>;
}

/**
 * Keeps what must not be lost when the program is ended from outside or by a defect of its own: what was said so far,
 * and the terminal as it was found. The engine's process ends when this one does.
 */
export function guardChat(run: ChatRun, opening: Promise<Conversation>): ChatGuard {
  let opened: Conversation | undefined;
  let isLoading = true;
  // At once, not a promise later: who shows the failure of a model closes the guard in the next moment.
  const loaded = (chat?: Conversation) => {
    opened = chat;
    isLoading = false;
  };
  opening.then(loaded, () => loaded());
  const leave = (exitCode: () => number) => {
    opened?.saveNow();
    run.restore();
    process.exit(exitCode());
  };
  const release = onSignals((code) => leave(() => code));
  const onDefect = (error: unknown) => leave(() => exitCodeForThrown(error));
  process.on("uncaughtException", onDefect);
  return {
    close: async () => {
      release();
      process.off("uncaughtException", onDefect);
      opened?.close();
      await opened?.model.engine.close();
      if (isLoading) process.exit();
    },
  };
}
