import { type Field, fieldsOf, readVarint, textOf } from '../onnx/protobuf-fields.ts'

/** What a node of an ONNX file says: lists of numbers or texts by name, single values as lists of one. */
export interface OnnxNode {
  readonly type: string
  readonly numbers: ReadonlyMap<string, readonly number[]>
  readonly texts: ReadonlyMap<string, readonly string[]>
}

/** The nodes of an ONNX model's main graph. Throws a RangeError where the bytes are not protobuf. */
export function onnxNodes(model: Uint8Array): OnnxNode[] {
  const graph = [...fieldsOf(model)].filter(({ number }) => number === 7)
  return graph.flatMap(({ bytes }) => [...fieldsOf(bytes)].filter(({ number }) => number === 1).map(readNode))
}

function readNode({ bytes }: Field): OnnxNode {
  const numbers = new Map<string, readonly number[]>()
  const texts = new Map<string, readonly string[]>()
  let type = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === 4) type = textOf(field.bytes)
    if (field.number !== 5) continue
    const attribute = [...fieldsOf(field.bytes)]
    const name = textOf(attribute.find(({ number }) => number === 1)?.bytes ?? new Uint8Array(0))
    const values = attribute.flatMap(numbersOf)
    if (values.length > 0) numbers.set(name, values)
    const words = attribute.filter(({ number }) => number === 4 || number === 9)
    if (words.length > 0)
      texts.set(
        name,
        words.map((word) => textOf(word.bytes)),
      )
  }
  return { type, numbers, texts }
}

/** Numbers of an attribute: f, i, floats (7) and ints (8), packed or one by one. */
function numbersOf({ number, value, bytes }: Field): number[] {
  if (number === 2 || number === 3 || ((number === 7 || number === 8) && !Number.isNaN(value))) return [value]
  if (number === 7) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return Array.from({ length: bytes.length / 4 }, (_, k) => view.getFloat32(4 * k, true))
  }
  if (number !== 8) return []
  const found: number[] = []
  for (let from = 0, to = 0; to < bytes.length; )
    if (bytes[to++]! < 128) {
      found.push(readVarint(bytes, from, to))
      from = to
    }
  return found
}
