/** The numbers of a graph's output. @throws TypeError if it has none of 32 bits: the graph is not of our making */
export function floats(tensor: { readonly data: unknown } | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError("the graph gives no numbers of 32 bits");
}
