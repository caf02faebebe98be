import type { AnswerSlot } from "../../chat/index.ts";
import { layoutFor, type ReadingOptions } from "../markdown/reading.ts";
import type { Glyphs } from "../paint/glyphs.ts";
import { doubtedPieces } from "../text/doubt.ts";
import { emptyFlow, takeUnits, type Flow, type Layout } from "../text/flow.ts";
import { remark, type Piece, type Row } from "../text/row.ts";
import type { Replay } from "./moments.ts";
import type { ReplayState } from "./state.ts";

/** The text before a block: the rows that nothing can change any more, and what the block goes on with. */
export interface PastText {
  readonly rows: readonly Row[];
  readonly flow: Flow;
}

/** Lays out the finished blocks of an answer one after the other, each once. */
class PastTexts {
  readonly #blocks: Replay["blocks"];
  readonly #layout: Layout;
  readonly #width: number;
  readonly #rows: Row[] = [];
  /** before each block: so many of the rows, and the flow */
  readonly #before: { readonly rows: number; readonly flow: Flow }[] = [{ rows: 0, flow: emptyFlow }];

  constructor(blocks: Replay["blocks"], layout: Layout, width: number) {
    this.#blocks = blocks;
    this.#layout = layout;
    this.#width = width;
  }

  before(block: number): PastText {
    while (this.#before.length <= block) this.#grow();
    const { rows, flow } = this.#before[block] ?? { rows: 0, flow: emptyFlow };
    return { rows: this.#rows.slice(0, rows), flow };
  }

  #grow(): void {
    const { flow } = this.#before.at(-1) ?? { flow: emptyFlow };
    const added = this.#blocks[this.#before.length - 1]?.flatMap(pieces) ?? [];
    const grown = { ...flow, pieces: [...flow.pieces, ...added] };
    const taken = takeUnits(grown, this.#width, false, this.#layout);
    this.#rows.push(...taken.units.flatMap((unit) => unit.rows));
    this.#before.push({ rows: this.#rows.length, flow: taken.flow });
  }
}

const pieces = (slot: AnswerSlot): Piece[] =>
  doubtedPieces(slot.text, slot.confidence).map((each) => remark(each, { slot: slot.position }));

interface Kept {
  readonly width: number;
  readonly reading: ReadingOptions;
  readonly glyphs: Glyphs;
  readonly texts: PastTexts;
}

const kept = new WeakMap<Replay, Kept>();

/** The text before the block, for rows of `width` cells. What was laid out for the same replay is used again. */
export function pastText(
  { replay, reading }: Pick<ReplayState, "replay" | "reading">,
  block: number,
  width: number,
  glyphs: Glyphs,
): PastText {
  let found = kept.get(replay);
  if (found?.width !== width || found.reading !== reading || found.glyphs !== glyphs) {
    const texts = new PastTexts(replay.blocks, layoutFor(reading, glyphs), width);
    found = { width, reading, glyphs, texts };
    kept.set(replay, found);
  }
  return found.texts.before(block);
}
