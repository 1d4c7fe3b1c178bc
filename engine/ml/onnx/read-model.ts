import { type Attribute, type DataType, dataTypes, type NodeFact, type TensorFact } from './model-file.ts'
import { type Field, fieldsOf, textOf } from './protobuf-fields.ts'

/** What running a graph takes. */
export interface ReadGraph {
  readonly nodes: readonly NodeFact[]
  readonly constants: readonly TensorFact[]
  readonly outputs: readonly string[]
}

const messages = (bytes: Uint8Array, number: number) =>
  [...fieldsOf(bytes)].filter((field) => field.number === number).map((field) => field.bytes)

/**
 * The main graph of a model that `writeModel` wrote: numeric constants, attributes of numbers and texts; graphs inside of
 * graphs and tensors as attributes are left out. Throws a RangeError where the bytes are not protobuf.
 */
export function readModel(model: Uint8Array): ReadGraph {
  const [graph] = messages(model, 7)
  if (!graph) throw new RangeError('the file has no graph')
  return {
    nodes: messages(graph, 1).map(readNode),
    constants: messages(graph, 5).map(readTensor),
    outputs: messages(graph, 12).map((port) => textOf(messages(port, 1)[0]!)),
  }
}

function readNode(bytes: Uint8Array): NodeFact {
  const texts = (number: number) => messages(bytes, number).map(textOf)
  const attributes = messages(bytes, 5).flatMap((attribute) => {
    const fields = [...fieldsOf(attribute)]
    const value = readAttribute(fields)
    return value ? [[textOf(fields.find(({ number }) => number === 1)!.bytes), value] as const] : []
  })
  return {
    operator: texts(4)[0]!,
    domain: texts(7)[0] ?? '',
    inputs: texts(1),
    outputs: texts(2),
    attributes: Object.fromEntries(attributes),
  }
}

/** By the kind that stands in field 20. */
function readAttribute(fields: readonly Field[]): Attribute | undefined {
  const all = (number: number) => fields.filter((field) => field.number === number)
  const numbers = (number: number) => all(number).map(({ value }) => value)
  const kind = numbers(20)[0]
  if (kind === 1) return { float: numbers(2)[0]! }
  if (kind === 2) return { int: numbers(3)[0]! }
  if (kind === 3) return { string: textOf(all(4)[0]!.bytes) }
  if (kind === 6) return { floats: numbers(7) }
  return kind === 7 ? { ints: numbers(8) } : undefined
}

function readTensor(bytes: Uint8Array): TensorFact {
  const fields = [...fieldsOf(bytes)]
  const code = fields.find(({ number }) => number === 2)!.value
  const type = (Object.keys(dataTypes) as DataType[]).find((name) => dataTypes[name] === code)!
  const name = fields.find(({ number }) => number === 8)
  // A copy lies where every element size is aligned.
  const raw = fields.find(({ number }) => number === 9)?.bytes.slice().buffer ?? new ArrayBuffer(0)
  return {
    name: name ? textOf(name.bytes) : '',
    type,
    dimensions: fields.filter(({ number }) => number === 1).map(({ value }) => value),
    values: typed(type, raw),
  }
}

function typed(type: DataType, raw: ArrayBuffer): TensorFact['values'] {
  if (type === 'float') return new Float32Array(raw)
  if (type === 'double') return new Float64Array(raw)
  if (type === 'int32') return new Int32Array(raw)
  if (type === 'uint32') return new Uint32Array(raw)
  if (type === 'int64') return new BigInt64Array(raw)
  if (type === 'int8') return new Int8Array(raw)
  if (type === 'string') throw new RangeError('the graph has texts as constants')
  return new Uint8Array(raw)
}
