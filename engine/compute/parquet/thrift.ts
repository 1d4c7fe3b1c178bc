/**
 * Apache Thrift's compact protocol, as far as a Parquet footer needs it.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct
export type ThriftStruct = ReadonlyMap<number, ThriftValue>

/** A value with its wire type, ready to be written. */
export type ThriftField =
  | { readonly type: 'true' | 'false' }
  | { readonly type: 'i8' | 'i32' | 'i64'; readonly value: number }
  | { readonly type: 'binary'; readonly value: Uint8Array }
  | { readonly type: 'list'; readonly of: ThriftField['type']; readonly items: readonly ThriftField[] }
  | { readonly type: 'struct'; readonly fields: Readonly<Record<number, ThriftField | undefined>> }

const wireTypes = { true: 1, false: 2, i8: 3, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const i32 = (value: number): ThriftField => ({ type: 'i32', value })
export const i64 = (value: number): ThriftField => ({ type: 'i64', value })
export const text = (value: string): ThriftField => ({ type: 'binary', value: encoder.encode(value) })
export const binary = (value: Uint8Array): ThriftField => ({ type: 'binary', value })
export const flag = (value: boolean): ThriftField => ({ type: value ? 'true' : 'false' })
export const list = (of: ThriftField['type'], items: readonly ThriftField[]): ThriftField => ({
  type: 'list',
  of,
  items,
})
export const struct = (fields: Readonly<Record<number, ThriftField | undefined>>): ThriftField => ({
  type: 'struct',
  fields,
})
export const textOf = (value: ThriftValue | undefined): string => decoder.decode(value as Uint8Array)

/** Appends an unsigned LEB128 number; exact up to 2^53. */
export function pushVarint(out: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

const zigzag = (value: number) => (value >= 0 ? value * 2 : -value * 2 - 1)

function pushStruct(out: number[], fields: Readonly<Record<number, ThriftField | undefined>>): void {
  let last = 0
  for (const key of Object.keys(fields)) {
    const id = Number(key)
    const field = fields[id]
    if (!field) continue
    const delta = id - last
    if (delta <= 15) out.push((delta << 4) | wireTypes[field.type])
    else {
      out.push(wireTypes[field.type])
      pushVarint(out, zigzag(id))
    }
    last = id
    pushValue(out, field)
  }
  out.push(0)
}

function pushValue(out: number[], field: ThriftField): void {
  if (field.type === 'i8') out.push(field.value & 255)
  if (field.type === 'i32' || field.type === 'i64') pushVarint(out, zigzag(field.value))
  if (field.type === 'binary') {
    pushVarint(out, field.value.length)
    for (const byte of field.value) out.push(byte)
  }
  if (field.type === 'struct') pushStruct(out, field.fields)
  if (field.type === 'list') {
    if (field.items.length < 15) out.push((field.items.length << 4) | wireTypes[field.of])
    else {
      out.push(0xf0 | wireTypes[field.of])
      pushVarint(out, field.items.length)
    }
    for (const item of field.items) pushValue(out, item)
  }
}

export function encodeStruct(fields: Readonly<Record<number, ThriftField | undefined>>): Uint8Array {
  const out: number[] = []
  pushStruct(out, fields)
  return Uint8Array.from(out)
}

/**
 * Reads one struct; `end` is the offset behind it. Bytes that are not a struct throw a RangeError. Structs that lie `late`
 * structs deep or deeper are passed over: in their place stands the offset where they begin.
 */
export function decodeStruct(
  bytes: Uint8Array,
  start = 0,
  late = Number.POSITIVE_INFINITY,
): { readonly value: ThriftStruct; readonly end: number } {
  let at = start
  const next = () => {
    const byte = bytes[at++]
    if (byte === undefined) throw new RangeError('thrift data ends early')
    return byte
  }
  const varint = () => {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = next()
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }
  const signed = () => {
    const value = varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  const readList = (): ThriftValue[] => {
    const header = next()
    const size = header >> 4 === 15 ? varint() : header >> 4
    return Array.from({ length: size }, () => ((header & 15) <= 2 ? next() === 1 : readValue(header & 15)))
  }
  const readValue = (type: number): ThriftValue => {
    if (type === 1 || type === 2) return type === 1
    if (type === 3) return (next() << 24) >> 24
    if (type >= 4 && type <= 6) return signed()
    if (type === 8) {
      const length = varint()
      at += length
      return bytes.subarray(at - length, at)
    }
    if (type === 9 || type === 10) return readList()
    if (type === 12) return readInner()
    throw new RangeError(`thrift type ${type}`)
  }
  let depth = 0
  const readInner = (): ThriftValue => {
    depth++
    const from = at
    const value = depth < late ? readFields() : from
    if (depth >= late) passFields()
    depth--
    return value
  }
  const readFields = (): ThriftStruct => {
    const fields = new Map<number, ThriftValue>()
    let id = 0
    for (let header = next(); header !== 0; header = next()) {
      id = header >> 4 === 0 ? signed() : id + (header >> 4)
      fields.set(id, readValue(header & 15))
    }
    return fields
  }
  const pass = (type: number): void => {
    if (type === 3) at++
    else if (type >= 4 && type <= 6) while (next() >= 128);
    else if (type === 8) {
      const length = varint()
      at += length
    } else if (type === 12) passFields()
    else if (type > 2) readValue(type)
  }
  const passFields = (): void => {
    for (let header = next(); header !== 0; header = next()) {
      if (header >> 4 === 0) signed()
      pass(header & 15)
    }
  }
  const value = readFields()
  return { value, end: at }
}
