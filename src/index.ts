/**
 * sdar-chat as a library: convert a checkpoint, load a model, decode token ids, hold a conversation. The terminal
 * program is not part of it.
 *
 * ```ts
 * import { Conversation, defaultSettings, loadModelFolder, openEngineProcess, openTokenizer } from "sdar-chat";
 *
 * const folder = await loadModelFolder("./sdar-1.7b");
 * const [engine, tokenizer] = await Promise.all([
 *   openEngineProcess(folder.path, { device: "auto", threads: 0 }),
 *   openTokenizer(folder),
 * ]);
 * const settings = defaultSettings(folder.config.blockLength);
 * const conversation = new Conversation({ engine, tokenizer, folder, settings });
 * for await (const event of conversation.send("Why is the sky blue?")) console.log(event.type);
 * await engine.close();
 * ```
 */
export {
  Conversation,
  listTranscripts,
  openTranscript,
  reduceAnswer,
  waitingAnswer,
  type AnswerBlock,
  type AnswerRates,
  type AnswerSlot,
  type AnswerState,
  type ConversationOptions,
  type LoadedModel,
  type RecordedTurn,
  type Reply,
  type SaveOptions,
  type SavedChat,
  type SendOptions,
  type Transcript,
  type TranscriptHeader,
  type Turn,
} from "./chat/index.ts";
export {
  convertCheckpoint,
  type ConversionPlan,
  type ConversionProgress,
  type ConvertOptions,
  type WeightChoice,
} from "./convert/index.ts";
export {
  defaultSettings,
  openEngine,
  openEngineProcess,
  strategies,
  type BlockFinished,
  type BlockOpened,
  type Candidate,
  type DecodingSettings,
  type Denoised,
  type Engine,
  type EngineEvent,
  type EngineInfo,
  type EngineOptions,
  type Finished,
  type GenerateRequest,
  type PassCounts,
  type Prefilled,
  type SlotReading,
  type Strategy,
} from "./engine/index.ts";
export { UserError, type ErrorKind } from "./errors.ts";
export {
  loadModelFolder,
  openTokenizer,
  verifyChecksums,
  type ChatMessage,
  type ModelConfig,
  type ModelFolder,
  type TokenText,
  type Tokenizer,
} from "./model/index.ts";
