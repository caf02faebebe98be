export type { reduceAnswer, waitingAnswer } from "./answer.ts";
export type { AnswerBlock, AnswerRates, AnswerSlot, AnswerState } from "./answer.ts";
export type { Conversation, ConversationOptions, Message, SaveOptions } from "./conversation.ts";
export type {
  RecordedTurn,
  Reply,
  ReplyEnd,
  Transcript,
  TranscriptHeader,
  Turn,
} from "./transcript-format.ts";
