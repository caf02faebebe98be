import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { mostBlockLength, type ModelConfig } from "../../model/index.ts";
import type { CheckpointConfig } from "./config.ts";

/** What the caller says of them. */
interface KnownLengths {
  readonly blockLength?: number | undefined;
  readonly trainedBlockLengths?: readonly number[] | undefined;
}

/** The block length of the published SDAR-Chat models that name none. */
const publishedBlockLength = 4;

/**
 * A model's block length, and those it was trained at.
 * @param notes takes what was assumed
 * @throws UserError usage, model-invalid: blocks of a length that can't be decoded
 */
export function blockLengthsOf(
  folder: string,
  source: CheckpointConfig,
  known: KnownLengths,
  notes: string[],
): Pick<ModelConfig, "blockLength" | "trainedBlockLengths"> {
  refuseKnown(known);
  const blockLength = blockLengthOf(source, known, notes);
  const trained = trainedOf(source, known) ?? [blockLength];
  const path = join(folder, "config.json");
  if (!isPossible(blockLength)) throw tooLong(path, blockLength, "--block-length");
  const unusable = trained.find((length) => !isPossible(length));
  if (unusable !== undefined) throw tooLong(path, unusable, "--trained");
  return { blockLength, trainedBlockLengths: [...new Set(trained)].toSorted((a, b) => a - b) };
}

function blockLengthOf(source: CheckpointConfig, known: KnownLengths, notes: string[]): number {
  const named = known.blockLength ?? source.block_size ?? source.block_length;
  if (typeof named === "number") return named;
  const length = trainedOf(source, known)?.[0] ?? publishedBlockLength;
  notes.push(`config.json names no block length: ${length} is assumed.`);
  return length;
}

/** An empty list says nothing. */
function trainedOf(source: CheckpointConfig, known: KnownLengths): readonly number[] | undefined {
  const trained = known.trainedBlockLengths ?? source.trained_block_lengths ?? [];
  return trained.length > 0 ? trained : undefined;
}

const isPossible = (length: number) => Number.isInteger(length) && length >= 1 && length <= mostBlockLength;

function refuseKnown({ blockLength, trainedBlockLengths = [] }: KnownLengths): void {
  const named = blockLength === undefined ? trainedBlockLengths : [blockLength, ...trainedBlockLengths];
  const wrong = named.find((length) => !isPossible(length));
  if (wrong === undefined) return;
  throw new UserError(
    "usage",
    `A block length must be a whole number, 1..${mostBlockLength}, not ${wrong}: so many positions are decoded together.`,
  );
}

const tooLong = (path: string, length: number, flag: string) =>
  new UserError(
    "model-invalid",
    `${path} names blocks of ${length} positions, of which ${mostBlockLength} can be decoded together at most: name shorter ones with ${flag}.`,
  );
