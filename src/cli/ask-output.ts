import type { AnswerState } from "../chat/index.ts";
import type { EngineEvent } from "../engine/index.ts";
import type { TokenText } from "../model/index.ts";
import { sayDeviceChange } from "./device-note.ts";
import { exitCodes } from "./exit-codes.ts";
import { Exit } from "./failure.ts";
import { forTerminal } from "./output.ts";

/** Shows what an event changed; `after` is the answer with the event in it. */
export type Printer = (event: EngineEvent, before: AnswerState, after: AnswerState) => void;

/** Prints the answer's text as far as it is final, and ends it with a newline. */
export function textPrinter(output: NodeJS.WriteStream): Printer {
  const shown = output.isTTY ? forTerminal : (text: string) => text;
  return (event, before, after) => {
    sayDeviceChange(event);
    output.write(shown(after.text.slice(before.text.length)));
    if (event.type === "finished" && after.text !== "" && !after.text.endsWith("\n")) output.write("\n");
  };
}

/** Prints every event as one line of JSON. */
export function eventPrinter(output: NodeJS.WriteStream, tokens: TokenText): Printer {
  return (event, before, after) => {
    output.write(`${JSON.stringify(withText(event, before, after, tokens))}\n`);
  };
}

/** The event with the texts that only a tokenizer can give. */
export function withText(
  event: EngineEvent,
  before: AnswerState,
  after: AnswerState,
  tokens: TokenText,
): object {
  if (event.type === "denoised") {
    return { ...event, slots: event.slots.map((slot) => ({ ...slot, label: tokens.label(slot.token) })) };
  }
  if (event.type === "block_finished") return { ...event, text: after.text.slice(before.text.length) };
  if (event.type === "finished") return { ...event, text: after.text };
  return event;
}

/** The three rates, each with its name, and what they were made from. */
export function statsLine({ prompt, rates }: AnswerState): string {
  const seconds = (rates.elapsedMs / 1000).toFixed(2);
  const parts = [
    `${rates.tokens} tokens in ${seconds} s`,
    `${rates.tokensPerSecond.toFixed(1)} tokens/s`,
    `${rates.tokensPerPass.toFixed(2)} tokens a pass`,
    `${rates.passesPerSecond.toFixed(1)} passes/s`,
    ...(rates.timeToFirstTextMs === undefined
      ? []
      : [`first text after ${rates.timeToFirstTextMs.toFixed(0)} ms`]),
    ...(prompt === undefined ? [] : [`prompt ${prompt.tokens} tokens`]),
  ];
  return parts.join(", ");
}

/**
 * Says on standard error why an answer stopped before its end.
 * @throws Exit if the context is full
 */
export function reportEnd({ reason, settings, prompt, rates }: AnswerState, contextLength: number): void {
  if (reason === "length") {
    process.stderr.write(
      `sdar-chat: the answer was cut at ${settings.maxTokens} tokens; --max-tokens allows more.\n`,
    );
  }
  if (reason === "context") {
    const used = `prompt ${prompt?.tokens ?? 0} tokens, answer ${rates.tokens}`;
    process.stderr.write(
      `sdar-chat: the answer was cut: the context of ${contextLength} tokens is full (${used}). Ask with a shorter prompt.\n`,
    );
    throw new Exit(exitCodes.contextFull);
  }
}
