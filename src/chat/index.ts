export type { AnswerBlock, AnswerSlot } from "./answer-block.ts";
export type { AnswerRates } from "./answer-rates.ts";
export { type AnswerState, reduceAnswer, waitingAnswer } from "./answer.ts";
export type { Conversation, ConversationOptions, Message, SaveOptions } from "./conversation.ts";
export type {
  RecordedTurn,
  Reply,
  ReplyEnd,
  Transcript,
  TranscriptHeader,
  Turn,
} from "./transcript-format.ts";
