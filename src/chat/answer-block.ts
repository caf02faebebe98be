import type { BlockOpened, Candidate, Denoised, SlotReading } from "../engine/index.ts";
import type { TokenText } from "../model/index.ts";

/** One position of the block that is being decoded. */
export interface AnswerSlot {
  /** counted from 0 at the first prompt token */
  readonly position: number;
  readonly state: "masked" | "resolved";
  /** present best token, placed or not; absent before the first step */
  readonly token?: number;
  /** resolved: its share of the text, "" for a special token or a part of a character that is not whole yet */
  readonly text: string;
  /** that token as text: "" if it is special or only a part of a character */
  readonly guess: string;
  /** its name for a list (TokenText.label); "" before the first step */
  readonly label: string;
  /** probability of that token; absent before the first step */
  readonly confidence?: number;
  /** nats; absent unless the strategy asked for it */
  readonly entropy?: number;
  /** resolved: the step of its block that placed it */
  readonly step?: number;
  /** the most probable other tokens, best first, by label */
  readonly runnersUp: readonly { readonly text: string; readonly probability: number }[];
  /** self_speculative: the guess that the window checks here; `refused`: another token took its place */
  readonly draft?: { readonly text: string; readonly refused: boolean };
  /** false: lies behind a placed stop token and will be dropped; its text is "" */
  readonly kept: boolean;
}

export interface AnswerBlock {
  /** 0 for the first block of the reply */
  readonly number: number;
  /** position of the block's first slot, prompt positions left out */
  readonly start: number;
  /** denoising steps done in this block */
  readonly step: number;
  /** positions of the reply in this block, in order */
  readonly slots: readonly AnswerSlot[];
}

/** The block's slots as it opens: those of the prompt left out, all others without a token but for the drafts. */
export function openBlock(
  { block, start, ids, drafts = [] }: BlockOpened,
  promptTokens: number,
  tokens: TokenText,
): AnswerBlock {
  const first = Math.max(start, promptTokens);
  const slots = Array.from({ length: Math.max(0, start + ids.length - first) }, (_, index) => {
    const draft = drafts[first - start + index];
    const slot = emptySlot(first + index);
    return draft === undefined ? slot : { ...slot, ...draftedSlot(draft, tokens) };
  });
  return { number: block, start: first, step: 0, slots };
}

/** The block after a pass. `held` are the bytes that the text before it left over. */
export function denoiseBlock(
  block: AnswerBlock,
  { step, slots: readings }: Denoised,
  held: Uint8Array,
  tokens: TokenText,
): AnswerBlock {
  const byPosition = new Map(readings.map((reading) => [reading.position, reading]));
  const read = block.slots.map((slot) => readSlot(slot, byPosition.get(slot.position), step, tokens));
  return { ...block, step: step + 1, slots: withTexts(read, held, tokens) };
}

/** Kept tokens of the block so far. */
export function keptIn(block: AnswerBlock | undefined): number {
  return block?.slots.filter(({ state, kept }) => state === "resolved" && kept).length ?? 0;
}

const emptySlot = (position: number): AnswerSlot => ({
  position,
  state: "masked",
  text: "",
  guess: "",
  label: "",
  runnersUp: [],
  kept: true,
});

function draftedSlot({ token, probability }: Candidate, tokens: TokenText) {
  const guess = tokens.append(nothing, [token]).text;
  const draft = { text: guess, refused: false };
  return { token, guess, label: tokens.label(token), confidence: probability, draft };
}

function readSlot(
  slot: AnswerSlot,
  reading: SlotReading | undefined,
  step: number,
  tokens: TokenText,
): AnswerSlot {
  if (reading === undefined) return slot;
  const { position, token, confidence, entropy, unmasked } = reading;
  return {
    position,
    token,
    state: unmasked ? "resolved" : "masked",
    text: "",
    guess: tokens.append(nothing, [token]).text,
    label: tokens.label(token),
    confidence,
    ...(entropy !== undefined && { entropy }),
    ...(unmasked && { step }),
    ...(slot.draft !== undefined && {
      draft: { text: slot.draft.text, refused: unmasked && token !== slot.token },
    }),
    runnersUp: reading.runnersUp.map((other) => ({
      text: tokens.label(other.token),
      probability: other.probability,
    })),
    kept: true,
  };
}

/** Gives every slot its share of the text, and marks what a placed stop token cuts off. */
function withTexts(slots: readonly AnswerSlot[], held: Uint8Array, tokens: TokenText): AnswerSlot[] {
  const placed = slots.map(({ state, token }) => (state === "resolved" ? token : undefined));
  const stop = placed.findIndex((token) => token !== undefined && tokens.isStop(token));
  const end = stop === -1 ? slots.length : stop + 1;
  const texts = tokens.pieces(held, placed.slice(0, end));
  return slots.map((slot, index) => Object.assign({}, slot, { text: texts[index] ?? "", kept: index < end }));
}

const nothing = new Uint8Array();
