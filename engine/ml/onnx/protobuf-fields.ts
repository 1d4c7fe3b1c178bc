/** A field of a protobuf message: what it holds as a number, or NaN and its bytes. */
export interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

/** The fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/); bytes are views. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
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

/** A variable-length integer in the bytes [from, to). */
export function readVarint(bytes: Uint8Array, from: number, to: number): number {
  let value = 0n
  for (let at = to - 1; at >= from; at--) value = (value << 7n) | BigInt(bytes[at]! & 127)
  return Number(BigInt.asIntN(64, value))
}

/** ASCII text. */
export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
