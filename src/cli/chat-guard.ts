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
 * @param isOpeningAnother whether a model is being loaded that the conversation does not know yet
 */
export function guardChat(
  run: ChatRun,
  opening: Promise<Conversation>,
  isOpeningAnother: () => boolean,
): ChatGuard {
  let opened: Conversation | undefined;
  let isLoading = true;
  // At once, not a promise later: who shows the failure of a model closes the guard in the next moment.
  const loaded = (chat?: Conversation) => {
    opened = chat;
    isLoading = false;
  };
  opening.then(loaded, () => loaded());
  const leave = (exitCode: () => number) => {
    try {
      opened?.saveNow();
      run.restore();
    } finally {
      // Whatever fails on the way out, the first failure is the one to tell.
      process.exit(exitCode());
    }
  };
  const release = onSignals((code) => leave(() => code));
  const onDefect = (error: unknown) => leave(() => exitCodeForThrown(error));
  process.on("uncaughtException", onDefect);
  return {
    close: async () => {
      const isAnyLoading = isLoading || isOpeningAnother();
      // The engine first: the transcript has to be open for the end of an answer that is still being decoded.
      await opened?.model.engine.close();
      opened?.close();
      release();
      process.off("uncaughtException", onDefect);
      if (isAnyLoading) process.exit();
    },
  };
}
