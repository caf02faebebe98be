import type { DecodingSettings, EngineEvent, Finished } from "../engine/index.ts";
import { shorten } from "./growing-list.ts";
import type { Prompt } from "./prompt.ts";
import type { TranscriptFile } from "./transcript-file.ts";
import type { BlockLine, StepLine, TranscriptHeader, TranscriptLine } from "./transcript-format.ts";
import { changeOf, encodeCandidates, encodeStep, tenths } from "./transcript-steps.ts";
import type { Turn } from "./turns.ts";

/** The block that is being decoded, as far as it is not written yet. */
interface OpenBlock {
  readonly line: Omit<BlockLine, "steps" | "text">;
  steps: StepLine[];
  /** the settings where what is written ends */
  before: DecodingSettings | undefined;
}

/** Writes a conversation down as it happens. */
export class Recorder {
  readonly #file: TranscriptFile;
  /** prompt and reply of the turn before, and their borders */
  #before: Prompt;
  /** those of the prompt that is being answered */
  #borders: readonly number[] = [];
  #header: TranscriptHeader | undefined;
  #settings: DecodingSettings | undefined;
  #block: OpenBlock | undefined;

  /** @param header of a new file; or the last turn of the file that is continued, if it has one */
  constructor(
    file: TranscriptFile,
    start: { readonly header: TranscriptHeader } | { readonly last: Turn | undefined },
  ) {
    this.#file = file;
    this.#header = "header" in start ? start.header : undefined;
    this.#before = "last" in start && start.last !== undefined ? sequenceOf(start.last) : nothing;
  }

  /** @param knobs what the knobs stand at, whatever this answer is decoded with */
  asked(
    { user, inserts = [] }: Pick<Turn, "user" | "inserts">,
    prompt: Prompt,
    settings: DecodingSettings,
    knobs: Partial<DecodingSettings>,
  ): void {
    if (this.#header !== undefined) this.#file.append(this.#header);
    this.#header = undefined;
    this.#settings = settings;
    const apart = changeOf(settings, knobs);
    this.#write({
      type: "ask",
      at: new Date().toISOString(),
      user,
      ...(inserts.length > 0 && { inserts: inserts.map(({ kind, start, end }) => [kind, start, end]) }),
      pid: process.pid,
      settings,
      ...(apart !== undefined && { knobs: apart }),
      ids: shorten(prompt.ids, this.#before.ids),
      borders: shorten(prompt.borders, this.#before.borders),
    });
    this.#borders = prompt.borders;
  }

  event(event: EngineEvent): void {
    if (event.type === "prefilled") {
      const { promptTokens: tokens, reusedTokens: reused, milliseconds } = event;
      this.#write({ type: "prefill", tokens, reused, milliseconds: tenths(milliseconds) });
    } else if (event.type === "block_opened") {
      const { block: number, start, ids, drafts } = event;
      // Opened again: the engine's process died, and nobody will read what it said of this block.
      if (this.#block !== undefined) this.#settings = this.#block.before;
      const before = this.#settings;
      const change = this.#changeTo(event.settings);
      const line = {
        type: "block" as const,
        number,
        start,
        length: ids.length,
        ...(drafts !== undefined && { drafts: encodeCandidates(drafts) }),
      };
      this.#block = {
        line: { ...line, ...(change !== undefined && { settings: change }) },
        steps: [],
        before,
      };
    } else if (event.type === "denoised" && this.#block !== undefined) {
      const before = this.#settings ?? event.settings;
      this.#block.steps.push(encodeStep(event, this.#block.line.start, before));
      this.#settings = event.settings;
    } else if (event.type === "block_finished" && this.#block !== undefined) {
      this.#write({ ...this.#block.line, steps: this.#block.steps, text: event.ids.length });
      this.#block = undefined;
    }
  }

  /** Writes at once what is known of the block that is being decoded. */
  saveNow(): void {
    if (this.#block === undefined || this.#block.steps.length === 0) return;
    this.#write({ ...this.#block.line, steps: this.#block.steps });
    this.#block.steps = [];
    this.#block.before = this.#settings;
  }

  /** @param finished the engine's last word, if there was one */
  ended(turn: Turn, finished: Finished | undefined): void {
    this.saveNow();
    this.#block = undefined;
    const { ids, borders, end, problem } = turn.reply;
    this.#write({
      type: "end",
      reason: end,
      ...(problem !== undefined && { problem }),
      ids: [...ids],
      borders: shorten(borders, this.#borders),
      ...(finished !== undefined && {
        passes: finished.passes,
        milliseconds: tenths(finished.milliseconds),
      }),
    });
    this.#file.sync();
    this.#before = sequenceOf(turn);
  }

  /** A turn that was not decoded here: without its steps. */
  said(turn: Turn): void {
    const { promptIds, reply } = turn;
    this.asked(turn, { ids: promptIds, borders: [] }, reply.settings, reply.knobs ?? reply.settings);
    this.ended(turn, undefined);
  }

  /** The turns that are left; what was written of the others stays in the file. */
  rewound(turns: readonly Turn[]): void {
    const last = turns.at(-1);
    this.#before = last === undefined ? nothing : sequenceOf(last);
    this.#write({ type: "rewind", at: new Date().toISOString(), turns: turns.length });
  }

  close(): void {
    this.saveNow();
    this.#file.close();
  }

  #changeTo(settings: DecodingSettings) {
    const change = changeOf(this.#settings ?? settings, settings);
    this.#settings = settings;
    return change;
  }

  #write(line: TranscriptLine): void {
    this.#file.append(line);
  }
}

const nothing: Prompt = { ids: [], borders: [] };

const sequenceOf = ({ promptIds, reply }: Turn): Prompt => ({
  ids: [...promptIds, ...reply.ids],
  borders: reply.borders,
});
