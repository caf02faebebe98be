export { chooseDisplay } from "./display.ts";
export type { Display, DisplayWishes } from "./display.ts";
export type { ModelShelf, OpenedModel } from "./models.ts";
export type { ChatOptions, ChatRun } from "./options.ts";
export { runChat } from "./run-chat.ts";
export { showReplay, type ReplayOptions } from "./replay/show.ts";
