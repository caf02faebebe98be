export type { AnswerBlock, AnswerSlot } from "./answer-block.ts";
export { type AnswerRates, rateText } from "./answer-rates.ts";
export { type AnswerState, reduceAnswer, waitingAnswer } from "./answer.ts";
export {
  compareAnswers,
  type CompareOptions,
  type Comparison,
  type Parting,
  type Question,
  questionOf,
  type Side,
  type SideAnswer,
  sideTyped,
} from "./compare.ts";
export { type ReportLine, reportOf } from "./compare-report.ts";
export type {
  ConversationListener,
  ConversationOptions,
  LoadedModel,
  SendOptions,
} from "./conversation-options.ts";
export { Conversation } from "./conversation.ts";
export { deviceText } from "./device-text.ts";
export { attach, type Attachment, checkRoom, isThere, readAttachment } from "./attachments.ts";
export { type Insert, type Message, messageOfTurn, plainMessage, withoutInserts } from "./message.ts";
export { brokeOff } from "./refusals.ts";
export { settingsAgain } from "./replying.ts";
export { checkSameModel, damageNote, type SaveOptions } from "./saving.ts";
export type { TranscriptHeader } from "./transcript-format.ts";
export { countTurns, findTranscript, listTranscripts, type SavedChat } from "./transcript-list.ts";
export { openTranscript, type Transcript } from "./transcript.ts";
export { newestChat, unfinishedChat } from "./unfinished.ts";
export type { RecordedTurn, Reply, ReplyEnd, Turn } from "./turns.ts";
export { type Difference, type SlotFacts, type Verdict, verifyTurn } from "./verify.ts";
