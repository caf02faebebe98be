import type { ChatOptions, ChatRun } from "./options.ts";
import { LineChat } from "./shell/line-chat.ts";
import { TerminalChat } from "./shell/terminal-chat.ts";

/** Opens the chat on the terminal. The prompt is there when this returns; the model may still be loading. */
export function runChat(options: ChatOptions): ChatRun {
  return options.display.manner === "page" ? new TerminalChat(options) : new LineChat(options);
}
