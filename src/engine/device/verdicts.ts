import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { makeFolder } from "../../make-folder.ts";
import type { DeviceFloats } from "../graph/webgpu-cache.ts";

const timesSchema = z.array(z.tuple([z.number(), z.number()]));

const wrongSchema = z.strictObject({ kind: z.literal("wrong"), why: z.string() });

const rightSchema = z.strictObject({
  kind: z.literal("right"),
  /** rows of a pass at most */
  rows: z.number(),
  divergence: z.number(),
  /** milliseconds of a pass by its rows, [rows, milliseconds] */
  device: timesSchema,
  /** the same on the CPU; none where nobody chooses by it */
  cpu: timesSchema,
});

/** The driver is at work; where this is found at a start, it ended the process `pid` or never came back. */
const begunSchema = z.strictObject({
  kind: z.literal("begun"),
  pid: z.number(),
  /** what was known when it began */
  before: z.discriminatedUnion("kind", [wrongSchema, rightSchema]).optional(),
});

const verdictSchema = z.discriminatedUnion("kind", [begunSchema, wrongSchema, rightSchema]);

/** What is known of a device with one model: see self-check.ts. */
export type Verdict = z.infer<typeof verdictSchema>;

/** How a device did with a model, and in which numbers. */
export interface Examination {
  readonly floats: DeviceFloats;
  readonly verdict: Verdict;
  /** why not in 16-bit floats, where those were tried too; a clause */
  readonly whyNotHalf?: string;
}

export type PassTimes = z.infer<typeof timesSchema>;

const memorySchema = z.record(z.string(), verdictSchema);

/** Verdicts by device, driver, model and versions, in a file that may be lost at any time. */
export class DeviceMemory {
  readonly #file: string | undefined;

  /** @param file absent: nothing is remembered */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  recall(key: string): Verdict | undefined {
    return this.#read()[key];
  }

  remember(key: string, verdict: Verdict): void {
    this.#write({ ...this.#read(), [key]: verdict });
  }

  /**
   * Lets a driver work. A process that it ends leaves a mark behind; one that ends in an orderly way, or fails, leaves
   * what was known before.
   */
  async attempt<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.recall(key);
    const before = known?.kind === "begun" ? known.before : known;
    const restore = () => {
      const now = this.recall(key);
      // Another process may have been at work meanwhile: what it left is its own.
      if (now?.kind !== "begun" || now.pid !== process.pid) return;
      if (before === undefined) this.#forget(key);
      else this.remember(key, before);
    };
    this.remember(key, { kind: "begun", pid: process.pid, ...(before !== undefined && { before }) });
    process.once("exit", restore);
    try {
      return await work();
    } finally {
      process.off("exit", restore);
      restore();
    }
  }

  #forget(key: string): void {
    const { [key]: _, ...rest } = this.#read();
    this.#write(rest);
  }

  #write(all: Record<string, Verdict>): void {
    if (this.#file === undefined) return;
    const draft = `${this.#file}.${process.pid}`;
    try {
      makeFolder(path.dirname(this.#file));
      writeFileSync(draft, JSON.stringify(all));
      renameSync(draft, this.#file);
    } catch {
      // the next start checks again
    }
  }

  #read(): Record<string, Verdict> {
    try {
      return memorySchema.parse(JSON.parse(readFileSync(this.#file ?? "", "utf8")));
    } catch {
      return {};
    }
  }
}
