import type { Recorder } from "./recorder.ts";
import {
  continuedTranscript,
  newTranscript,
  type HeaderFacts,
  type OpenTranscript,
  type SaveOptions,
} from "./saving.ts";
import type { Transcript } from "./transcript.ts";
import type { Turn } from "./turns.ts";

/** The file that a conversation is saved in as it happens; none where nothing is saved. */
export class KeptTranscript {
  readonly #save: SaveOptions | undefined;
  #open: OpenTranscript | undefined;

  constructor(save: SaveOptions | undefined) {
    this.#save = save;
  }

  /** absent until the first message was asked */
  get path(): string | undefined {
    return this.#open?.file.path;
  }

  get recorder(): Recorder | undefined {
    return this.#open?.recorder;
  }

  /** The recorder for the next message; starts the file if there is none yet. @param said turns before it */
  begin(facts: HeaderFacts, said: readonly Turn[]): Recorder | undefined {
    if (this.#save === undefined) return undefined;
    this.#open ??= newTranscript(this.#save, facts, said);
    return this.#open.recorder;
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
