const arrays = { Float32Array, Float64Array, Int32Array, Uint8Array, Uint32Array }
type ArrayName = keyof typeof arrays
type Packed = InstanceType<(typeof arrays)[ArrayName]>

/** Where an array stands among the bytes. */
interface Place {
  readonly $array: ArrayName
  readonly at: number
  readonly length: number
}

const isPlace = (value: unknown): value is Place => typeof value === 'object' && value !== null && '$array' in value
const isPacked = (value: unknown): value is Packed =>
  ArrayBuffer.isView(value) && Object.hasOwn(arrays, value.constructor.name)

/** Plain data with typed arrays in it as bytes: the length of a JSON text, the text, then the arrays, each at a multiple of 8. */
export function packState(state: unknown): Uint8Array {
  const views: Packed[] = []
  let at = 0
  const text = JSON.stringify(state, (_, value: unknown) => {
    if (!isPacked(value)) return value
    const place: Place = { $array: value.constructor.name as ArrayName, at, length: value.length }
    views.push(value)
    at += 8 * Math.ceil(value.byteLength / 8)
    return place
  })
  const head = new TextEncoder().encode(text)
  const start = 8 * Math.ceil((4 + head.length) / 8)
  const bytes = new Uint8Array(start + at)
  new DataView(bytes.buffer).setUint32(0, head.length, true)
  bytes.set(head, 4)
  let to = start
  for (const { buffer, byteOffset, byteLength } of views) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), to)
    to += 8 * Math.ceil(byteLength / 8)
  }
  return bytes
}

/** What `packState` packed; what was undefined among the items of a list is null. */
export function unpackState(bytes: Uint8Array): unknown {
  const { buffer } = bytes.slice()
  const length = new DataView(buffer).getUint32(0, true)
  const start = 8 * Math.ceil((4 + length) / 8)
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)), (_, value: unknown) =>
    isPlace(value) ? new arrays[value.$array](buffer, start + value.at, value.length) : value,
  )
}
