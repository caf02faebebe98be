export type { AnswerBlock, AnswerSlot } from "./answer-block.ts";
export type { AnswerRates } from "./answer-rates.ts";
export { type AnswerState, reduceAnswer, waitingAnswer } from "./answer.ts";
export { Conversation, type ConversationOptions, type SendOptions } from "./conversation.ts";
export type { SaveOptions } from "./saving.ts";
export type { TranscriptHeader } from "./transcript-format.ts";
export { openTranscript, type Transcript } from "./transcript.ts";
export type { RecordedTurn, Reply, ReplyEnd, Turn } from "./turns.ts";
