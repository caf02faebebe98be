import { z } from "zod";
import { readGolden } from "./safetensors.ts";

const vectorsSchema = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      block_length: z.number(),
      cache: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
      steps: z.array(
        z.object({
          name: z.string(),
          logits: z.string(),
          past_length: z.number(),
          stored: z.boolean(),
          input_ids: z.array(z.number()),
        }),
      ),
    }),
  ),
});

/** Forward passes of the official code, one after the other over the same cache. */
export type GoldenCase = z.infer<typeof vectorsSchema>["cases"][number];
export type GoldenStep = GoldenCase["steps"][number];

/** The forwards recorded of a checkpoint; their numbers lie beside them in vectors.safetensors. */
export function goldenCases(checkpoint: string): GoldenCase[] {
  return vectorsSchema.parse(readGolden(`${checkpoint}/vectors.json`)).cases;
}
