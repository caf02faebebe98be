export { modelConfigSchema, type ModelConfig } from "./config.ts";
export type { ModelFolder } from "./folder.ts";
export type { DecodedText, TokenText } from "./token-text.ts";
export type { ChatMessage, ChatText, Tokenizer } from "./tokenizer.ts";
