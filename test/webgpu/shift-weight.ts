import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { decodeModel, encodeModel } from "../../src/convert/onnx/schema.ts";

const modelSchema = z.looseObject({
  graph: z.looseObject({
    initializer: z.array(
      z.looseObject({
        name: z.string(),
        externalData: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
      }),
    ),
  }),
});

/** Lets a graph read one of its tensors from four bytes further on in the weight file. */
export async function shiftWeight(file: string, name: string): Promise<void> {
  const model = modelSchema.parse(decodeModel(await readFile(file)));
  const tensor = model.graph.initializer.find((each) => each.name === name);
  const offset = tensor?.externalData?.find(({ key }) => key === "offset");
  if (offset === undefined) throw new Error(`${name} is not in ${file}`);
  offset.value = String(Number(offset.value) + 4);
  await writeFile(file, encodeModel(model));
}
