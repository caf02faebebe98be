export {
  type ChecksummedFolder,
  type VerifyOptions,
  verifyChecksums,
  type VerifyReport,
} from "./checksums.ts";
export { defaultBlockSizes, dividingBlockSize } from "./block-sizes.ts";
export { type ChatText, plainText } from "./chat-text.ts";
export { modelConfigSchema, mostBlockLength, type ModelConfig } from "./config.ts";
export { embeddedName, findModelFolder, type KnownModel, knownModels, type ModelPlaces } from "./find.ts";
export { loadModelFolder, type ModelFolder } from "./folder.ts";
export type { DecodedText, TokenText } from "./token-text.ts";
export { type ChatMessage, openTokenizer, type Tokenizer, type TokenizerFolder } from "./tokenizer.ts";
