import type { ModelConfig } from "./config.ts";

/** A model folder whose configuration was read and whose files are all there. */
export interface ModelFolder {
  /** absolute */
  readonly path: string;
  readonly config: ModelConfig;
  /** sha256 of every other file, by name, as SHA256SUMS says */
  readonly checksums: ReadonlyMap<string, string>;
  /** sha256 of the weights: what a transcript names the model by */
  readonly weightsHash: string;
}
