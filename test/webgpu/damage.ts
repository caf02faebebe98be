import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/** Gives all numbers of one of the tensors of 32-bit floats in a model's weight file the same value. */
export async function overwriteVector(folder: string, name: string, value: number): Promise<void> {
  const model = modelSchema.parse(decodeModel(await readFile(join(folder, "model.onnx"))));
  const tensor = model.graph.initializer.find((each) => each.name === name);
  const placeOf = (key: string) => Number(tensor?.externalData?.find((each) => each.key === key)?.value);
  const numbers = new Float32Array(placeOf("length") / 4).fill(value);
  const file = await open(join(folder, "model.onnx.data"), "r+");
  await file.write(new Uint8Array(numbers.buffer), 0, numbers.byteLength, placeOf("offset"));
  await file.close();
}
