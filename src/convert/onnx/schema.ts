import protobuf from "protobufjs";

/**
 * The part of the ONNX file format (onnx.proto3, IR version 10) that a graph with external weights needs. Field
 * numbers are the standard's; what is not listed here is never written.
 */
const messages = {
  ModelProto: {
    irVersion: ["int64", 1],
    producerName: ["string", 2],
    graph: ["GraphProto", 7],
    opsetImport: ["OperatorSetIdProto", 8, "repeated"],
  },
  OperatorSetIdProto: { domain: ["string", 1], version: ["int64", 2] },
  GraphProto: {
    node: ["NodeProto", 1, "repeated"],
    name: ["string", 2],
    initializer: ["TensorProto", 5, "repeated"],
    input: ["ValueInfoProto", 11, "repeated"],
    output: ["ValueInfoProto", 12, "repeated"],
  },
  NodeProto: {
    input: ["string", 1, "repeated"],
    output: ["string", 2, "repeated"],
    name: ["string", 3],
    opType: ["string", 4],
    attribute: ["AttributeProto", 5, "repeated"],
    domain: ["string", 7],
  },
  AttributeProto: {
    name: ["string", 1],
    f: ["float", 2],
    i: ["int64", 3],
    ints: ["int64", 8, "repeated"],
    type: ["int32", 20],
  },
  TensorProto: {
    dims: ["int64", 1, "repeated"],
    dataType: ["int32", 2],
    name: ["string", 8],
    rawData: ["bytes", 9],
    externalData: ["StringStringEntryProto", 13, "repeated"],
    dataLocation: ["int32", 14],
  },
  StringStringEntryProto: { key: ["string", 1], value: ["string", 2] },
  ValueInfoProto: { name: ["string", 1], type: ["TypeProto", 2] },
  TypeProto: { tensorType: ["TensorTypeProto", 1] },
  TensorTypeProto: { elemType: ["int32", 1], shape: ["TensorShapeProto", 2] },
  TensorShapeProto: { dim: ["DimensionProto", 1, "repeated"] },
  DimensionProto: { dimValue: ["int64", 1], dimParam: ["string", 2] },
} as const satisfies Record<string, Record<string, readonly [type: string, id: number, rule?: "repeated"]>>;

function messageType(name: string, fields: Record<string, readonly [string, number, "repeated"?]>) {
  const type = new protobuf.Type(name);
  for (const [field, [fieldType, id, rule]] of Object.entries(fields)) {
    type.add(new protobuf.Field(field, id, fieldType, rule));
  }
  return type;
}

const onnx = new protobuf.Namespace("onnx");
for (const [name, fields] of Object.entries(messages)) onnx.add(messageType(name, fields));
new protobuf.Root().add(onnx);

/** Bytes of a `.onnx` file. Takes the plain objects that `GraphBuilder` makes, with the field names above. */
export function encodeModel(model: object): Uint8Array {
  const type = onnx.lookupType("ModelProto");
  return type.encode(type.create(model)).finish();
}

/** The plain objects back from the bytes; numbers for integers. Used to look into a graph. */
export function decodeModel(bytes: Uint8Array): Record<string, unknown> {
  const type = onnx.lookupType("ModelProto");
  return type.toObject(type.decode(bytes), { longs: Number, arrays: true });
}
