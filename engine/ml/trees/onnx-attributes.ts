/** What a node of an ONNX file says: lists of numbers or texts by name, single values as lists of one. */
export interface OnnxNode {
  readonly type: string
  readonly numbers: ReadonlyMap<string, readonly number[]>
  readonly texts: ReadonlyMap<string, readonly string[]>
}

interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

/** The fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/); bytes are views. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const varint = () => {
    const start = at
    while (view.getUint8(at++) >= 128);
    return readVarint(bytes, start, at)
  }
  const none = new Uint8Array(0)
  while (at < bytes.length) {
    const key = varint()
    const [number, wire] = [Math.floor(key / 8), key % 8]
    if (wire === 0) yield { number, value: varint(), bytes: none }
    else if (wire === 1 || wire === 5) {
      yield { number, value: wire === 5 ? view.getFloat32(at, true) : view.getFloat64(at, true), bytes: none }
      at += wire === 5 ? 4 : 8
    } else if (wire === 2) {
      const length = varint()
      if (at + length > bytes.length) throw new RangeError('the file ends within a field')
      yield { number, value: Number.NaN, bytes: bytes.subarray(at, at + length) }
      at += length
    } else throw new RangeError(`the file has a field of wire type ${wire}`)
  }
}

function readVarint(bytes: Uint8Array, from: number, to: number): number {
  let value = 0n
  for (let at = to - 1; at >= from; at--) value = (value << 7n) | BigInt(bytes[at]! & 127)
  return Number(BigInt.asIntN(64, value))
}

const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes)

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
