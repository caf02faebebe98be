import type { GenerateRequest } from "../engine.ts";
import type { BlockFinished, BlockOpened, EngineEvent } from "../events.ts";
import type { Form } from "../rows/forms.ts";
import type { DecodingSettings } from "../settings.ts";

type Request = Omit<GenerateRequest, "signal">;

/** What of an answer was decoded by processes that have ended. */
interface Before {
  readonly tokens: number;
  readonly blocks: number;
  readonly passes: number;
  /** milliseconds from the beginning of the answer to the beginning of the present process's part */
  readonly elapsed: number;
}

/**
 * An answer that another process can go on with, behind the last finished block, if the one that decodes it ends. The
 * parts' events join into those of one generation; a block that was open is opened again under its number. The prefill
 * passes of the parts before are not among the passes of the end: nobody told of them.
 */
export class ResumableAnswer {
  readonly #request: Request;
  readonly #form: Pick<Form, "commits" | "partition">;
  #started: number | undefined;
  #wanted: DecodingSettings;
  /** what the present process began with */
  #asked: DecodingSettings;
  #isTurned = false;
  #before: Before = { tokens: 0, blocks: 0, passes: 0, elapsed: 0 };
  #isPrefilled = false;
  /** of the finished blocks, behind the prompt */
  #ids: number[] = [];
  /** borders over prompt and finished blocks; before the first block those of the prompt's decoded parts */
  #borders: number[];
  #blocks = 0;
  #passes = 0;
  /** recorded steps (see GenerateRequest.again) used so far, and by the finished blocks */
  #steps = { used: 0, finished: 0 };
  #opened: BlockOpened | undefined;

  constructor(request: Request, form: Pick<Form, "commits" | "partition">) {
    this.#request = request;
    this.#form = form;
    this.#wanted = request.settings;
    this.#asked = request.settings;
    this.#borders = [...(request.borders ?? [])];
  }

  /** What a process is asked for that decodes from here on; its part begins now, with the knobs as they are turned. */
  begin(): Request {
    const { again, ...request } = this.#request;
    const now = performance.now();
    this.#started ??= now;
    const tokens = this.#ids.length;
    const elapsed = now - this.#started;
    this.#before = { tokens, blocks: this.#blocks, passes: this.#passes, elapsed };
    this.#asked = this.#wanted;
    this.#steps.used = this.#steps.finished;
    const left = this.#isTurned ? undefined : again?.slice(this.#steps.finished);
    return {
      ...request,
      promptIds: [...request.promptIds, ...this.#ids],
      borders: [...this.#borders],
      settings: less(this.#wanted, tokens),
      ...(left && {
        again: left.map(({ asking, settings }) => ({ asking, settings: less(settings, tokens) })),
      }),
    };
  }

  /** A change as the present process takes it. */
  adjust(change: Partial<DecodingSettings>): Partial<DecodingSettings> {
    this.#wanted = { ...this.#wanted, ...change };
    this.#isTurned = true;
    const { maxTokens } = change;
    return maxTokens === undefined
      ? change
      : { ...change, maxTokens: Math.max(1, maxTokens - this.#before.tokens) };
  }

  /** Events of the present process as those of the whole answer. */
  hear(events: readonly EngineEvent[]): readonly EngineEvent[] {
    const heard = this.#joined(events, this.#before);
    for (const event of heard) this.#note(event);
    return heard;
  }

  #joined(events: readonly EngineEvent[], before: Before): EngineEvent[] {
    return events
      .filter(({ type }) => type !== "prefilled" || !this.#isPrefilled)
      .map((event) => {
        if (event.type !== "finished") return behind(event, before);
        return Object.assign({}, event, {
          ids: [...this.#ids.slice(0, before.tokens), ...event.ids],
          passes: { ...event.passes, denoise: event.passes.denoise + before.passes },
          milliseconds: event.milliseconds + before.elapsed,
        });
      });
  }

  #note(event: EngineEvent): void {
    if (event.type === "prefilled") this.#isPrefilled = true;
    else if (event.type === "block_opened") {
      this.#opened = event;
      this.#steps.used++;
    } else if (event.type === "denoised") {
      this.#passes++;
      this.#steps.used++;
    } else if (event.type === "block_finished") this.#finish(event);
  }

  get #opensWindows(): boolean {
    return this.#opened?.settings.strategy === "self_speculative";
  }

  #finish({ start, ids }: BlockFinished): void {
    const { promptIds } = this.#request;
    if (this.#blocks++ === 0) {
      const { strategy, blockLength } = this.#asked;
      const cut = strategy === "self_speculative" ? 1 : blockLength;
      this.#borders = this.#form.partition(start, this.#borders, cut);
      // The dial may open a window where blocks were wanted: the tail of the prompt is then cut token by token.
      if (this.#opensWindows) this.#borders = this.#form.partition(start, this.#borders, 1);
    }
    this.#ids.push(...ids.slice(Math.max(0, promptIds.length - start)));
    this.#steps.finished = this.#steps.used;
    if (!this.#form.commits) return;
    // In a window every token is a block of its own.
    const from = this.#opensWindows ? start + 1 : start + ids.length;
    for (let border = from; border <= start + ids.length; border++) this.#borders.push(border);
  }
}

/** An event of a later part, counted from the beginning of the answer. */
function behind(event: EngineEvent, { tokens, blocks, elapsed }: Before): EngineEvent {
  if (!("block" in event)) return event;
  const block = event.block + blocks;
  if (event.type === "block_finished") return { ...event, block };
  const settings = more(event.settings, tokens);
  if (event.type === "block_opened") return { ...event, block, settings };
  return { ...event, block, settings, elapsed: event.elapsed + elapsed };
}

const less = (settings: DecodingSettings, tokens: number): DecodingSettings => ({
  ...settings,
  maxTokens: Math.max(1, settings.maxTokens - tokens),
});

const more = (settings: DecodingSettings, tokens: number): DecodingSettings => ({
  ...settings,
  maxTokens: settings.maxTokens + tokens,
});
