import { openTerminal } from "./background.ts";
import type { ChatOptions, ChatRun } from "./options.ts";

/**
 * Opens the chat on the terminal. The prompt is there when this resolves; the model may still be loading. The
 * terminal is asked for its background while the screen's part of the program is loaded.
 */
export async function runChat(options: ChatOptions): Promise<ChatRun> {
  if (options.display.manner !== "page") {
    const { LineChat } = await import("./shell/line-chat.ts");
    return new LineChat(options);
  }
  const { input = process.stdin, output = process.stdout } = options;
  const { display, loaded } = await openTerminal(
    options.display,
    { input, output },
    import("./shell/terminal-chat.ts"),
  );
  return new loaded.TerminalChat({ ...options, display });
}
