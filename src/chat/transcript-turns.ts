import type { DecodingSettings, EngineEvent, Finished } from "../engine/index.ts";
import { lengthen } from "./growing-list.ts";
import { ReplyProgress } from "./reply-progress.ts";
import type { Insert } from "./message.ts";
import type { BlockLine, TranscriptHeader, TranscriptLine } from "./transcript-format.ts";
import { decodeCandidates, decodeStep } from "./transcript-steps.ts";
import type { RecordedTurn } from "./turns.ts";

type Line<Type extends TranscriptLine["type"]> = Extract<TranscriptLine, { type: Type }>;

/** A turn whose end has not been read yet. */
interface OpenTurn {
  readonly user: string;
  readonly inserts?: readonly Insert[];
  readonly promptIds: readonly number[];
  readonly borders: readonly number[];
  readonly began: DecodingSettings;
  readonly knobs?: Partial<DecodingSettings>;
  readonly progress: ReplyProgress;
  readonly events: EngineEvent[];
  settings: DecodingSettings;
  /** drafts were made by the pass before their window, with its threshold */
  readonly draftsEarly: boolean;
  block?: { readonly number: number; readonly ids: number[]; steps: number };
}

/** A refused draft left no guesses then, and nothing was looked up. */
const before = { hedgeThreshold: 2, promptLookup: 0 };

/** Makes turns of the lines of a transcript. */
export class TurnReader {
  /** process that decodes or decoded the last turn */
  writer: number | undefined;
  readonly #header: TranscriptHeader;
  readonly #turns: RecordedTurn[] = [];
  #turn: OpenTurn | undefined;

  constructor(header: TranscriptHeader) {
    this.#header = header;
  }

  /** Takes the next line; false if it cannot follow the lines before it. */
  read(line: TranscriptLine): boolean {
    if (line.type === "ask") return this.#readAsk(line);
    if (line.type === "rewind") return this.#readRewind(line);
    const turn = this.#turn;
    if (turn === undefined) return false;
    if (line.type === "prefill") this.#add(turn, prefilled(line));
    else if (line.type === "block") this.#readBlock(turn, line);
    else return this.#readEnd(turn, line);
    return true;
  }

  /** The turns so far; of one that broke off, what is known. */
  turns(): readonly RecordedTurn[] {
    return this.#turn === undefined ? this.#turns : [...this.#turns, cutOff(this.#turn)];
  }

  #readAsk({ user, inserts: spans, settings: written, knobs, pid, ...line }: Line<"ask">): boolean {
    this.#closeCut();
    const last = this.#turns.at(-1);
    const promptIds = lengthen(line.ids, last === undefined ? [] : [...last.promptIds, ...last.reply.ids]);
    const borders = lengthen(line.borders, last?.reply.borders ?? []);
    if (promptIds === undefined || borders === undefined) return false;
    this.writer = pid;
    const progress = new ReplyProgress(promptIds.length, this.#header.model.stopTokenIds);
    const settings = { ...before, ...written };
    // A knob that there was not then has not been turned since: /again leaves it as the answer had it.
    const isOlder = written.hedgeThreshold === undefined || written.promptLookup === undefined;
    const apart = knobs === undefined && !isOlder ? {} : { knobs: { ...written, ...knobs } };
    const inserts = spans && { inserts: spans.map(([kind, start, end]) => ({ kind, start, end })) };
    this.#turn = {
      user,
      ...inserts,
      promptIds,
      borders,
      began: settings,
      ...apart,
      settings,
      draftsEarly: written.promptLookup === undefined,
      progress,
      events: [],
    };
    return true;
  }

  #readRewind({ turns }: Line<"rewind">): boolean {
    this.#closeCut();
    if (turns > this.#turns.length) return false;
    this.#turns.length = turns;
    return true;
  }

  #readBlock(turn: OpenTurn, line: BlockLine): void {
    const { number, start } = line;
    if (turn.block?.number !== number) this.#open(turn, line);
    const { block } = turn;
    if (block === undefined) return;
    for (const step of line.steps) {
      const event = decodeStep(step, { block: number, step: block.steps++, start }, turn.settings);
      turn.settings = event.settings;
      for (const slot of event.slots) if (slot.unmasked) block.ids[slot.position - start] = slot.token;
      this.#add(turn, event);
    }
    if (line.text === undefined) return;
    this.#add(turn, { type: "block_finished", block: number, start, ids: block.ids.slice(0, line.text) });
  }

  #open(turn: OpenTurn, { number, start, length, settings, drafts }: BlockLine): void {
    const { draftThreshold } = turn.settings;
    turn.settings = { ...turn.settings, ...settings };
    const known = turn.promptIds.slice(start, start + length);
    const masks = Array.from({ length: length - known.length }, () => this.#header.model.maskTokenId);
    const ids = [...known, ...masks];
    turn.block = { number, ids: [...ids], steps: 0 };
    const guesses = drafts === undefined ? {} : { drafts: decodeCandidates(drafts) };
    this.#add(turn, {
      type: "block_opened",
      block: number,
      start,
      ids,
      ...guesses,
      settings: turn.draftsEarly ? { ...turn.settings, draftThreshold } : turn.settings,
    });
  }

  #readEnd(turn: OpenTurn, line: Line<"end">): boolean {
    const { reason, ids, passes, milliseconds, problem } = line;
    const borders = lengthen(line.borders, turn.borders);
    if (borders === undefined) return false;
    if (reason !== "failed" && reason !== "cut" && passes !== undefined && milliseconds !== undefined) {
      const finished: Finished = { type: "finished", reason, ids, borders, passes, milliseconds };
      this.#add(turn, finished);
    }
    const reply = {
      ids,
      borders,
      end: reason,
      ...(problem !== undefined && { problem }),
      settings: turn.began,
      ...(turn.knobs !== undefined && { knobs: turn.knobs }),
    };
    const inserts = turn.inserts && { inserts: turn.inserts };
    this.#turns.push({ user: turn.user, ...inserts, promptIds: turn.promptIds, reply, events: turn.events });
    this.#turn = undefined;
    return true;
  }

  /** A new message without an end before it: the program was killed, and the conversation taken up again. */
  #closeCut(): void {
    if (this.#turn !== undefined) this.#turns.push(cutOff(this.#turn));
    this.#turn = undefined;
  }

  #add(turn: OpenTurn, event: EngineEvent): void {
    turn.events.push(event);
    turn.progress.follow(event);
  }
}

const prefilled = ({ tokens, reused, milliseconds }: Line<"prefill">): EngineEvent => ({
  type: "prefilled",
  promptTokens: tokens,
  reusedTokens: reused,
  milliseconds,
});

const cutOff = ({
  user,
  inserts,
  promptIds,
  borders,
  began,
  knobs,
  progress,
  events,
}: OpenTurn): RecordedTurn => ({
  user,
  ...(inserts && { inserts }),
  promptIds,
  reply: {
    ids: progress.ids,
    borders,
    end: "cut",
    settings: began,
    ...(knobs !== undefined && { knobs }),
  },
  events,
});
