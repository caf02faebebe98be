import type { EngineEvent } from "../engine/index.ts";
import type { ConversationListener, ConversationOptions } from "./conversation-options.ts";
import type { Recorder } from "./recorder.ts";
import type { Running } from "./replying.ts";
import {
  continuedTranscript,
  newTranscript,
  type HeaderFacts,
  type OpenTranscript,
  type SaveOptions,
} from "./saving.ts";
import type { Transcript } from "./transcript.ts";
import type { Turn } from "./turns.ts";

/** The file that a conversation is saved in as it happens, none where nothing is saved; and who else listens. */
export class KeptTranscript {
  readonly #save: SaveOptions | undefined;
  readonly #listener: ConversationListener | undefined;
  #open: OpenTranscript | undefined;

  constructor({ save, listener }: Pick<ConversationOptions, "save" | "listener">) {
    this.#save = save;
    this.#listener = listener;
  }

  /** absent until the first message was asked */
  get path(): string | undefined {
    return this.#open?.file.path;
  }

  get recorder(): Recorder | undefined {
    return this.#open?.recorder;
  }

  /** A message; starts the file if there is none yet. @param said turns before it */
  asked(running: Running, facts: HeaderFacts, said: readonly Turn[]): void {
    if (this.#save !== undefined) this.#open = this.#opened(this.#save, facts, said);
    this.recorder?.asked(running, running.prompt, running.settings, running.knobs);
    this.#listener?.asked(running.user, running.settings);
  }

  #opened(save: SaveOptions, facts: HeaderFacts, said: readonly Turn[]): OpenTranscript {
    if (this.#open !== undefined && !this.#open.file.isGone) return this.#open;
    const made = newTranscript(save, facts, said);
    if (this.#open !== undefined)
      save.onTrouble(
        `The file of this conversation was deleted: what was said is saved as ${made.file.path}, without the steps of its answers.`,
      );
    return made;
  }

  event(event: EngineEvent): void {
    this.recorder?.event(event);
    this.#listener?.event(event);
  }

  /** Goes on in the file of an earlier conversation. @param last its last turn */
  goOn(transcript: Transcript, last: Turn | undefined): void {
    if (this.#save !== undefined) this.#open = continuedTranscript(transcript, last, this.#save);
  }

  close(): void {
    this.#open?.recorder.close();
    this.#open = undefined;
  }
}
