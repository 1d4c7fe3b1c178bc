import { ProtobufWriter } from './protobuf-writer.ts'

/** The parts of onnx.proto that Plumbline writes; field numbers stand beside them. */
export const dataTypes = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
  uint32: 12,
} as const
export type DataType = keyof typeof dataTypes
/** A number, or a name such as "N" for a size that is only known at run time. */
export type Dimension = number | string

export interface TensorFact {
  readonly name: string
  readonly type: DataType
  readonly dimensions: readonly number[]
  readonly values: TensorValues
}
export type TensorValues =
  | readonly number[]
  | readonly string[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Uint8Array
  | Int8Array

export type Attribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly tensor: Omit<TensorFact, 'name'> }
  | { readonly graph: GraphFact }

export interface NodeFact {
  readonly operator: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}
export interface PortFact {
  readonly name: string
  readonly type: DataType
  readonly dimensions: readonly Dimension[]
}
export interface GraphFact {
  readonly name: string
  readonly nodes: readonly NodeFact[]
  readonly constants: readonly TensorFact[]
  readonly inputs: readonly PortFact[]
  readonly outputs: readonly PortFact[]
}

/** Plain numbers in the memory layout of a data type. */
function toTyped(
  type: DataType,
  values: readonly number[],
): Exclude<TensorValues, readonly string[] | readonly number[]> {
  if (type === 'double') return Float64Array.from(values)
  if (type === 'float') return Float32Array.from(values)
  if (type === 'int64') return BigInt64Array.from(values, BigInt)
  if (type === 'int32') return Int32Array.from(values)
  if (type === 'uint32') return Uint32Array.from(values)
  return type === 'int8' ? Int8Array.from(values) : Uint8Array.from(values)
}

function writeTensor(writer: ProtobufWriter, { name, type, dimensions, values }: TensorFact): void {
  for (const size of dimensions) writer.integer(1, size)
  writer.integer(2, dataTypes[type])
  if (type === 'string') for (const value of values as readonly string[]) writer.text(6, value)
  if (name) writer.text(8, name)
  if (type === 'string') return
  const typed = Array.isArray(values) ? toTyped(type, values) : (values as Float64Array)
  writer.bytes(9, new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength))
}

function writePort(writer: ProtobufWriter, { name, type, dimensions }: PortFact): void {
  const writeSize = (size: Dimension) =>
    writer.message(1, () => (typeof size === 'number' ? writer.integer(1, size) : writer.text(2, size)))
  writer.text(1, name).message(2, () =>
    writer.message(1, () =>
      writer.integer(1, dataTypes[type]).message(2, () => {
        for (const size of dimensions) writeSize(size)
      }),
    ),
  )
}

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.text(1, name)
  if ('float' in value) writer.float(2, value.float).integer(20, 1)
  else if ('int' in value) writer.integer(3, value.int).integer(20, 2)
  else if ('string' in value) writer.text(4, value.string).integer(20, 3)
  else if ('tensor' in value) writer.message(5, () => writeTensor(writer, { ...value.tensor, name: '' })).integer(20, 4)
  else if ('graph' in value) writer.message(6, () => writeGraph(writer, value.graph)).integer(20, 5)
  else if ('floats' in value) {
    for (const item of value.floats) writer.float(7, item)
    writer.integer(20, 6)
  } else if ('ints' in value) {
    for (const item of value.ints) writer.integer(8, item)
    writer.integer(20, 7)
  } else {
    for (const item of value.strings) writer.text(9, item)
    writer.integer(20, 8)
  }
}

function writeNode(writer: ProtobufWriter, node: NodeFact, name: string): void {
  for (const input of node.inputs) writer.text(1, input)
  for (const output of node.outputs) writer.text(2, output)
  writer.text(3, name).text(4, node.operator)
  for (const [key, value] of Object.entries(node.attributes))
    writer.message(5, () => writeAttribute(writer, key, value))
  if (node.domain) writer.text(7, node.domain)
}

function writeGraph(writer: ProtobufWriter, graph: GraphFact): void {
  graph.nodes.forEach((node, index) => {
    writer.message(1, () => writeNode(writer, node, `${graph.name}_${index}_${node.operator}`))
  })
  writer.text(2, graph.name)
  for (const constant of graph.constants) writer.message(5, () => writeTensor(writer, constant))
  for (const input of graph.inputs) writer.message(11, () => writePort(writer, input))
  for (const output of graph.outputs) writer.message(12, () => writePort(writer, output))
}

/** Whether an operator of the domain is used, also inside of branches and loops. */
const uses = (graph: GraphFact, domain: string): boolean =>
  graph.nodes.some(
    (node) =>
      node.domain === domain ||
      Object.values(node.attributes).some((value) => 'graph' in value && uses(value.graph, domain)),
  )

/** The bytes of a model file: IR version 10, opset 21, ai.onnx.ml 5. The same graph gives the same bytes. */
export function writeModel(graph: GraphFact): Uint8Array {
  const writer = new ProtobufWriter()
  const writeDomain = (name: string, version: number) =>
    writer.message(8, () => writer.text(1, name).integer(2, version))
  writer
    .integer(1, 10)
    .text(2, 'plumbline')
    .message(7, () => writeGraph(writer, graph))
  writeDomain('', 21)
  writeDomain('ai.onnx.ml', 5)
  // ONNX Runtime's own operators, where there is one.
  if (uses(graph, 'com.microsoft')) writeDomain('com.microsoft', 1)
  return writer.finish()
}
