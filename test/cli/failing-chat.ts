// A guarded chat that fails, and whose last frame fails too.
import { guardChat } from "../../src/cli/chat-guard.ts";

const run = {
  exitCode: new Promise<number>(() => {}),
  restore: () => {
    throw new Error("the second failure");
  },
  notify: () => {},
};
guardChat(run, new Promise(() => {}), () => false);
setTimeout(() => {
  throw new Error("the first failure");
}, 10);
