import { defaultSettings, type DecodingSettings } from "../../src/engine/index.ts";
import { blockLengths } from "./masked.ts";

/** A way of decoding. Its id names files and rows. */
export interface Way {
  readonly id: string;
  readonly settings: DecodingSettings;
}

/** Tokens at most of an answer in a conversation, and of a reply to a question. */
export const limits = { conversations: 96, questions: 16 } as const;

export type SetName = keyof typeof limits;

/** Whose weights: the original's, and this model's as floats, in the file that ships, and at 4 bits. */
export type Role = "original" | "original, 8-bit" | "f32" | "ships" | "4-bit";

interface Tenth {
  readonly role: Role;
  /** 0 to 9 */
  readonly tenth: number;
}

/** True tokens at masked positions. */
export type Masked = Tenth & { readonly type: "masked" };
/** Prompts answered. */
export type Decoded = Tenth & { readonly type: "decoded"; readonly way: Way; readonly set: SetName };
/** The answers to conversations, scored by the original. */
export type ScoredAnswers = Tenth & { readonly type: "scored"; readonly way: Way };

/** A piece of the evaluation that is kept when it is done. */
export type Part = Masked | Decoded | ScoredAnswers;

const thresholds = [0.7, 0.8, 0.9, 0.95];

function way(id: string, blockLength: number, change: Partial<DecodingSettings>): Way {
  return { id, settings: { ...defaultSettings(blockLength), ...change } };
}

/** One token at a time: what every other way is measured by. At block length 1 all strategies are one. */
export const inOrder = way("block 1", 1, { strategy: "sequential" });

/** As the original itself would speak: drawn from all of its distribution. */
export const sampled = way("sampled", 1, { strategy: "sequential", temperature: 1 });

/** Every way that the evaluation has. */
export const ways: readonly Way[] = [inOrder, ...blockLengths.filter((length) => length > 1).flatMap(waysAt)];

function waysAt(length: number): Way[] {
  const dynamic = thresholds.map((threshold) =>
    way(`dynamic ${threshold}, block ${length}`, length, { strategy: "low_confidence_dynamic", threshold }),
  );
  return [way(`sequential, block ${length}`, length, { strategy: "sequential" })].concat(
    dynamic,
    // What the model's own masks guess: the text of the answers so far is looked up in a way of its own.
    way(`self-speculative, block ${length}`, length, { strategy: "self_speculative", promptLookup: 0 }),
    length === 4
      ? way("self-speculative with lookup, block 4", length, { strategy: "self_speculative" })
      : [],
  );
}

/** The ways that matter most: of the weights that ship, and of those that are measured beside them. */
const fewerWays = {
  ships: new Set([
    "block 1",
    "self-speculative, block 4",
    "dynamic 0.9, block 4",
    "dynamic 0.9, block 8",
    "dynamic 0.7, block 4",
    "sequential, block 4",
    "self-speculative, block 8",
    "self-speculative with lookup, block 4",
  ]),
  beside: new Set(["block 1", "self-speculative, block 4"]),
};

/** How much of the evaluation: a tenth of the data and fewer ways, all data and fewer ways, or all of it. */
export type Extent = "quick" | "fewer ways" | "whole";

function waysOf(role: Role, extent: Extent): readonly Way[] {
  if (role === "original") return extent === "whole" ? [inOrder, sampled] : [inOrder];
  if (role === "original, 8-bit") return [inOrder];
  const few = fewerWays[role === "ships" ? "ships" : "beside"];
  return extent === "whole" ? ways : ways.filter(({ id }) => few.has(id));
}

/** All parts in the order in which they are done, tenth by tenth; quick: of the first tenth. */
export function partsOf(roles: readonly Role[], extent: Extent): Part[] {
  const tenths = extent === "quick" ? [0] : Array.from({ length: 10 }, (_, tenth) => tenth);
  return tenths.flatMap((tenth) =>
    roles.flatMap((role) => partsOfModel({ role, tenth }, extent)).toSorted(scoresLast),
  );
}

function partsOfModel(tenth: Tenth, extent: Extent): Part[] {
  const decoded = waysOf(tenth.role, extent).flatMap((each) => partsOfWay(tenth, each));
  const isMasked = extent === "whole" ? tenth.role !== "original, 8-bit" : tenth.role === "ships";
  return isMasked ? [...decoded, { ...tenth, type: "masked" }] : decoded;
}

function partsOfWay(tenth: Tenth, each: Way): Part[] {
  const conversations: Part = { ...tenth, type: "decoded", way: each, set: "conversations" };
  const scored: Part = { ...tenth, type: "scored", way: each };
  if (each === sampled) return [conversations, scored];
  return [{ ...tenth, type: "decoded", way: each, set: "questions" }, conversations, scored];
}

/** All scores come from one model, the original: together, so that it is loaded once. */
function scoresLast(a: Part, b: Part): number {
  return Number(a.type === "scored") - Number(b.type === "scored");
}

/** In words, for files and progress. */
export function nameOf(part: Part): string {
  const { role, type, tenth } = part;
  const detail = type === "masked" ? [type] : [part.way.id, type === "decoded" ? part.set : type];
  return [role, ...detail, `${tenth + 1} of 10`].join(", ");
}
