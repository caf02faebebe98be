import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { EvaluationData } from "./data.ts";
import type { MaskedScores } from "./masked-scores.ts";
import {
  limits,
  nameOf,
  type Decoded,
  type Masked,
  type Part,
  type Role,
  type ScoredAnswers,
} from "./plan.ts";
import type { Scored } from "./statistics.ts";

const replySchema = z.strictObject({
  ids: z.array(z.number()),
  text: z.string(),
  stopped: z.boolean(),
  passes: z.number(),
  draftsChecked: z.number(),
  draftsAccepted: z.number(),
});
const sumsSchema = z.strictObject({
  positions: z.number(),
  right: z.number(),
  logLikelihood: z.number(),
  certainty: z.number(),
});
const scoresSchema = z.record(z.string(), z.record(z.string(), sumsSchema));
const maskedSchema = z.strictObject({
  byMasks: scoresSchema,
  byPlace: scoresSchema,
  byCertainty: scoresSchema,
});
const scoredSchema = z.strictObject({ tokens: z.number(), total: z.number() });

/** What became of one prompt. Ids with the stop token; `stopped`: it ended by that, and not at the limit. */
export type Reply = Readonly<z.infer<typeof replySchema>>;

/** What all results depend on besides their part. */
export interface Inputs {
  readonly data: EvaluationData["hashes"];
  /** hashes of weights */
  readonly models: ReadonlyMap<Role, string>;
}

/**
 * Results of parts, a file each, kept from run to run. A file's name has a hash of all that decides the result (data,
 * weights, settings), so that nothing of another model can be taken for this one's.
 */
export class Results {
  readonly #folder: string;
  readonly #inputs: Inputs;

  constructor(folder: string, inputs: Inputs) {
    this.#folder = folder;
    this.#inputs = inputs;
  }

  weightsOf(role: Role): string {
    return this.#inputs.models.get(role) ?? "";
  }

  has(part: Part): boolean {
    return existsSync(this.#file(part));
  }

  /** Readers: @throws where the part is not done */
  masked(part: Masked): MaskedScores {
    return maskedSchema.parse(this.#read(part));
  }

  decoded(part: Decoded): Reply[] {
    return z.array(replySchema).parse(this.#read(part));
  }

  /** Under the original, of each reply of the same tenth. */
  scored(part: ScoredAnswers): Scored[] {
    return z.array(scoredSchema).parse(this.#read(part));
  }

  /** Whole or not at all. */
  async write(part: Part, result: MaskedScores | readonly Reply[] | readonly Scored[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = this.#file(part);
    await writeFile(`${file}.new`, JSON.stringify(result));
    await rename(`${file}.new`, file);
  }

  #read(part: Part): unknown {
    return JSON.parse(readFileSync(this.#file(part), "utf8"));
  }

  #file(part: Part): string {
    const { data, models } = this.#inputs;
    const scoredBy = part.type === "scored" ? models.get("original") : undefined;
    const set = part.type === "decoded" ? part.set : "conversations";
    const settings = part.type === "masked" ? undefined : part.way.settings;
    const all = JSON.stringify([data[set], models.get(part.role), scoredBy, limits, settings, nameOf(part)]);
    const hash = createHash("sha256").update(all).digest("hex").slice(0, 12);
    return path.join(this.#folder, `${nameOf(part).replaceAll(/[^\w.]+/g, "-")}-${hash}.json`);
  }
}
