import { Decoding, type OpenBlock, type Step } from "./decoding.ts";
import type { GenerateRequest } from "../engine.ts";
import type { Denoised, EngineEvent, Finished } from "../events.ts";
import { decidedEnd } from "../rows/sequence.ts";
import type { Asking } from "../recorded-settings.ts";
import type { Session } from "./session.ts";
import type { DecodingSettings } from "../settings.ts";
import { acceptedDrafts, guessesBehind } from "./speculation.ts";

/** How a running generation is spoken to. */
export interface Port {
  /** lets messages in; false: the caller wants no more passes */
  proceed(): Promise<boolean>;
  /**
   * those in force now, for what comes next
   * @param lookUpChances see Decoding
   */
  settings(asking: Asking, lookUpChances: Decoding["lookUpChances"]): DecodingSettings;
  /** hears of every event at once, before settings are asked for again */
  hear(event: EngineEvent): void;
  /** takes the events of a pass */
  emit(events: readonly EngineEvent[]): void;
}

interface Ending {
  readonly reason: Finished["reason"];
  /** of the text: the first position that does not belong to it */
  readonly end: number;
}

/**
 * Answers a prompt: decodes block after block until a stop token, a limit or the port ends it. Whatever happens,
 * the session's cache is right afterwards.
 * @throws UserError usage, context-full, engine
 */
export async function generate(session: Session, request: GenerateRequest, port: Port): Promise<void> {
  const decoding = new Decoding(session, request, request.settings);
  try {
    await new Generation(session, decoding, request, port).run();
  } finally {
    decoding.end();
  }
}

class Generation {
  readonly #session: Session;
  readonly #decoding: Decoding;
  readonly #port: Port;
  readonly #seed: number;
  readonly #stopTokenIds: readonly number[];
  readonly #started = performance.now();
  #events: EngineEvent[] = [];

  constructor(session: Session, decoding: Decoding, request: GenerateRequest, port: Port) {
    this.#session = session;
    this.#decoding = decoding;
    this.#port = port;
    this.#seed = request.settings.seed;
    this.#stopTokenIds = request.stopTokenIds ?? session.config.stopTokenIds;
  }

  async run(): Promise<void> {
    const ending = (await this.#prefill()) ?? (await this.#decode());
    this.#finish(ending);
    this.#flush();
  }

  async #prefill(): Promise<Ending | undefined> {
    const decoding = this.#decoding;
    while (decoding.needsPrefill) {
      if (!(await this.#port.proceed())) return this.#aborted();
      await decoding.prefill();
    }
    const { promptLength: promptTokens, reused: reusedTokens } = decoding;
    this.#say({ type: "prefilled", promptTokens, reusedTokens, milliseconds: this.#elapsed() });
    return undefined;
  }

  async #decode(): Promise<Ending> {
    for (;;) {
      const block = this.#open();
      for (let ending: Ending | undefined; ending === undefined && this.#masked > 0;) {
        this.#flush();
        if (!(await this.#port.proceed())) return this.#aborted();
        await this.#step(block);
        ending = this.#ending(block);
        if (ending !== undefined || this.#masked === 0) this.#close(block, ending);
        if (ending !== undefined) return ending;
      }
    }
  }

  #open(): OpenBlock {
    const wanted = this.#settings("block");
    const block = this.#decoding.open(wanted);
    const settings = this.#decoding.inForce(wanted);
    const ids = this.#decoding.sequence.ids.slice(block.start);
    const { index, start, window } = block;
    const drafts = window !== undefined && window.drafts.length > 0 ? { drafts: window.drafts } : {};
    this.#say({ type: "block_opened", block: index, start, ids, ...drafts, settings });
    return block;
  }

  async #step(block: OpenBlock): Promise<void> {
    const settings = this.#decoding.inForce(this.#settings("pass"));
    const number = block.steps;
    const started = performance.now();
    const step = await this.#decoding.step(settings);
    this.#say({
      type: "denoised",
      block: block.index,
      step: number,
      slots: slotsOf(step, settings),
      ...hedgedOf(block, step),
      ...aloneOf(block, step),
      settings,
      rows: this.#session.rows.length,
      milliseconds: performance.now() - started,
      elapsed: this.#elapsed(),
    });
  }

  /** The text is complete at a stop token with no mask before it, or at a limit. */
  #ending(block: OpenBlock): Ending | undefined {
    const { sequence, promptLength } = this.#decoding;
    const { contextLength } = this.#session.config;
    const byTokens = Math.max(promptLength + this.#settings("end").maxTokens, block.start);
    const limit = Math.min(byTokens, contextLength);
    const end = Math.min(decidedEnd(sequence), limit);
    for (let position = Math.max(promptLength, block.start); position < end; position++) {
      if (this.#stopTokenIds.includes(sequence.ids[position] ?? -1))
        return { reason: "stop", end: position + 1 };
    }
    if (end < limit) return undefined;
    return { reason: byTokens <= contextLength ? "length" : "context", end };
  }

  #close({ index, start, end }: OpenBlock, ending: Ending | undefined): void {
    const ids = this.#decoding.sequence.ids.slice(start, Math.min(end, ending?.end ?? end));
    this.#say({ type: "block_finished", block: index, start, ids });
  }

  #finish({ reason, end }: Ending): void {
    const { sequence, promptLength, counts } = this.#decoding;
    this.#say({
      type: "finished",
      reason,
      ids: sequence.ids.slice(promptLength, end),
      borders: sequence.borders.filter((border) => border <= end),
      passes: { ...counts },
      milliseconds: this.#elapsed(),
    });
  }

  #aborted(): Ending {
    return { reason: "aborted", end: decidedEnd(this.#decoding.sequence) };
  }

  get #masked(): number {
    return this.#decoding.sequence.masked.length;
  }

  #settings(asking: Asking): DecodingSettings {
    const lookUpChances = (most: number) => this.#decoding.lookUpChances(most);
    return { ...this.#port.settings(asking, lookUpChances), seed: this.#seed };
  }

  #elapsed(): number {
    return performance.now() - this.#started;
  }

  #say(event: EngineEvent): void {
    this.#events.push(event);
    this.#port.hear(event);
  }

  #flush(): void {
    const { graph } = this.#session;
    const reason = graph.takeNews?.();
    if (reason !== undefined) this.#events.push({ type: "device_changed", device: graph.device, reason });
    if (this.#events.length > 0) this.#port.emit(this.#events);
    this.#events = [];
  }
}

function hedgedOf({ window }: OpenBlock, { readings, hedged }: Step): Pick<Denoised, "hedged"> {
  if (window === undefined || acceptedDrafts(window, readings) === window.drafts.length) return {};
  const guesses = guessesBehind(window, [...readings, ...hedged]);
  if (guesses.length === 0) return {};
  return { hedged: guesses.map(({ token, confidence }) => ({ token, probability: confidence })) };
}

function aloneOf({ window }: OpenBlock, { readings, hedged }: Step): Pick<Denoised, "alone"> {
  if (window === undefined) return {};
  const guesses = guessesBehind(window, [...readings, ...hedged]);
  const alone = guesses.flatMap((guess) => (guess.alone === undefined ? [] : [guess.alone]));
  return alone.length > 0 ? { alone } : {};
}

function slotsOf({ readings, unmasked }: Step, { strategy }: DecodingSettings): Denoised["slots"] {
  return readings.map(({ position, token, confidence, entropy, runnersUp }) => ({
    position,
    token,
    confidence,
    ...(strategy === "entropy_bounded" ? { entropy } : {}),
    runnersUp,
    unmasked: unmasked.includes(position),
  }));
}
