import { readFile, writeFile } from "node:fs/promises";

/** Sizes of a checkpoint's config.json that the head that chains guesses has. */
interface Sizes {
  readonly hidden_size: number;
  readonly mask_chain_size: number;
}

/** Its matrices, [rows, columns], drawn with a fixed seed: large enough to turn guesses of a model that was never trained. */
export function chainTensors({ hidden_size: hidden, mask_chain_size: width }: Sizes) {
  const random = drawn(7);
  const matrix = (rows: number, columns: number, spread: number) => ({
    shape: [rows, columns],
    numbers: Float32Array.from({ length: rows * columns }, () => spread * random()),
  });
  return {
    "model.chain.mask_proj.weight": matrix(2 * width, hidden, 0.2),
    "model.chain.token_proj.weight": matrix(2 * width, 2 * hidden, 0.5),
    "model.chain.down_proj.weight": matrix(hidden, width, 0.1),
  };
}

/** Numbers from -1 to 1 (Park and Miller's generator). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

/** Adds them to a checkpoint's safetensors file, behind what is there. */
export async function addChain(path: string, sizes: Sizes): Promise<void> {
  const bytes = await readFile(path);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE());
  const header: object = JSON.parse(bytes.toString("utf8", 8, headerEnd));
  let end = bytes.length - headerEnd;
  const added = Object.entries(chainTensors(sizes)).map(([name, { shape, numbers }]) => {
    const from = end;
    end += numbers.byteLength;
    return { name, entry: { dtype: "F32", shape, data_offsets: [from, end] }, numbers };
  });
  const entries = Object.fromEntries(added.map(({ name, entry }) => [name, entry]));
  const text = Buffer.from(JSON.stringify({ ...header, ...entries }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const tensors = added.map(({ numbers }) => new Uint8Array(numbers.buffer));
  await writeFile(path, Buffer.concat([length, text, bytes.subarray(headerEnd), ...tensors]));
}
