import { createWriteStream, openSync, statSync, type WriteStream } from "node:fs";
import { reduceAnswer, waitingAnswer, type AnswerState, type ConversationListener } from "../chat/index.ts";
import type { DecodingSettings, EngineEvent } from "../engine/index.ts";
import { messageOf, UserError } from "../errors.ts";
import type { TokenText } from "../model/index.ts";
import { withText } from "./ask-output.ts";

/**
 * Writes what the engine says of every answer into a file, one JSON object a line as `ask --json` prints them, each
 * answer behind a line that says what was asked. The engine waits for no reader.
 */
export class EventFile implements ConversationListener {
  readonly #path: string;
  readonly #file: WriteStream;
  #tokens: (() => TokenText) | undefined;
  #answer: AnswerState | undefined;

  /** @throws UserError file: it cannot be written, or holds something already */
  constructor(path: string) {
    this.#path = path;
    this.#file = createWriteStream(path, { fd: opened(path) });
  }

  /**
   * Before the first answer.
   * @param tokens of the model that runs now
   * @param onTrouble is told, once, that nothing is written any more
   */
  attach(tokens: () => TokenText, onTrouble: (sentence: string) => void): void {
    this.#tokens = tokens;
    this.#file.on("error", (error) =>
      onTrouble(
        `No more events in ${this.#path}: ${messageOf(error)}. The chat goes on; start it again with another --events file.`,
      ),
    );
  }

  asked(text: string, settings: DecodingSettings): void {
    this.#answer = waitingAnswer(settings);
    this.#write({ type: "asked", text, settings });
  }

  event(event: EngineEvent): void {
    const [before, tokens] = [this.#answer, this.#tokens?.()];
    if (before === undefined || tokens === undefined) return;
    this.#answer = reduceAnswer(before, event, tokens);
    this.#write(withText(event, before, this.#answer, tokens));
  }

  #write(line: object): void {
    if (this.#file.writable) this.#file.write(`${JSON.stringify(line)}\n`);
  }
}

function opened(path: string): number {
  if (holdsSomething(path))
    throw new UserError(
      "file",
      `${path} is already there, and --events overwrites nothing: name another file, or remove this one first.`,
    );
  try {
    return openSync(path, "w", 0o600);
  } catch (error) {
    throw new UserError(
      "file",
      `${path} cannot be written for --events: ${messageOf(error)}. Name another file.`,
      { cause: error },
    );
  }
}

/** A pipe or a device holds nothing that could be lost, nor does a file that was just made for this. */
function holdsSomething(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}
