import { encodeModel } from "./schema.ts";

/** Element types that our graphs use, with ONNX's numbers (TensorProto.DataType). */
const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementTypes;

/** An edge of the graph: the name of a node's output, a graph input or an initializer. */
export type Value = string;

/** "": an optional input that is left out. */
export const absent: Value = "";

type Attribute = { readonly float: number } | number | readonly number[];
type Attributes = Readonly<Record<string, Attribute>>;

/** A size, or the name of one that is known only when the graph runs. */
type Dimension = number | string;

/** Where an initializer's bytes lie in the weight file. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

const opsets = [
  { domain: "", version: 21 },
  { domain: "com.microsoft", version: 1 },
];

function attributeProto(name: string, value: Attribute) {
  if (typeof value === "number") return { name, type: 2, i: value };
  if ("float" in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]) {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

/** Builds one ONNX graph, node by node, in the order in which it runs. */
export class GraphBuilder {
  readonly #nodes: object[] = [];
  readonly #initializers = new Map<string, object>();
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #used = new Map<string, number>();
  #scope = "";

  /** Names the nodes that `build` adds after the part of the model they belong to. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = `${outer}${scope}/`;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A node with one output; `com.microsoft.X` for ONNX Runtime's own operators. */
  node(opType: string, inputs: readonly Value[], attributes: Attributes = {}, output?: Value): Value {
    const name = output ?? this.name(opType.split(".").at(-1) ?? opType);
    this.#add(opType, inputs, [name], attributes);
    return name;
  }

  /** The same numbers in another type. Of an initializer ONNX Runtime computes it once, when it loads the graph. */
  cast(value: Value, type: ElementType): Value {
    return this.node("Cast", [value], { to: elementTypes[type] });
  }

  /** A name for an edge that no other has. */
  name(kind: string): string {
    const base = this.#scope + kind;
    const count = this.#used.get(base) ?? 0;
    this.#used.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  }

  /** A node whose first `count` outputs are used. */
  nodes(opType: string, inputs: readonly Value[], count: number, attributes: Attributes = {}): Value[] {
    const base = this.name(opType.split(".").at(-1) ?? opType);
    const outputs = Array.from({ length: count }, (_, index) => `${base}.${index}`);
    this.#add(opType, inputs, outputs, attributes);
    return outputs;
  }

  /** A node with the outputs named; "" for those that are not wanted. */
  namedNodes(
    opType: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Attributes = {},
  ) {
    this.#add(opType, inputs, outputs, attributes);
  }

  /** A small tensor stored in the graph itself; equal ones are stored once. */
  constant(type: "float32" | "int64", shape: readonly number[], values: readonly number[]): Value {
    const name = `${type}[${shape.join()}]:${values.length > 8 ? this.name("table") : values.join()}`;
    if (!this.#initializers.has(name)) {
      const data = type === "float32" ? new Float32Array(values) : BigInt64Array.from(values, BigInt);
      const rawData = new Uint8Array(data.buffer);
      this.#initializers.set(name, { name, dims: shape, dataType: elementTypes[type], rawData });
    }
    return name;
  }

  /** An initializer whose bytes lie in the weight file. */
  external(name: string, type: ElementType, shape: readonly number[], data: ExternalData): Value {
    const externalData = [
      { key: "location", value: data.file },
      { key: "offset", value: String(data.offset) },
      { key: "length", value: String(data.length) },
    ];
    const tensor = { name, dims: shape, dataType: elementTypes[type], externalData, dataLocation: 1 };
    this.#initializers.set(name, tensor);
    return name;
  }

  /** The bytes of the `.onnx` file. */
  encode(graphName: string): Uint8Array {
    return encodeModel({
      irVersion: 10,
      producerName: "sdar-chat",
      opsetImport: opsets,
      graph: {
        name: graphName,
        node: this.#nodes,
        initializer: [...this.#initializers.values()],
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #add(opType: string, inputs: readonly Value[], outputs: readonly Value[], attributes: Attributes): void {
    const at = opType.lastIndexOf(".");
    this.#nodes.push({
      opType: opType.slice(at + 1),
      domain: at < 0 ? "" : opType.slice(0, at),
      name: outputs.find((name) => name !== absent) ?? opType,
      input: inputs,
      output: outputs,
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
  }
}
