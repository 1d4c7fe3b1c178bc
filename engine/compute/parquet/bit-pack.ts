/**
 * Parquet's RLE / bit-packed hybrid: runs are either one repeated value or groups of eight packed values, least
 * significant bit first. https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */

/** Bits needed for the largest value; a dictionary of one entry needs none. */
export function bitWidth(largest: number): number {
  return largest <= 0 ? 0 : 32 - Math.clz32(largest)
}

function varintBytes(value: number): number[] {
  const out: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128)
  out.push(rest)
  return out
}

/** One run of `count` equal values. */
export function encodeRun(count: number, value: number, width: number): Uint8Array {
  const out = varintBytes(count * 2)
  for (let shift = 0; shift < width; shift += 8) out.push((value >>> shift) & 255)
  return Uint8Array.from(out)
}

/** All values as one bit-packed run, padded with zeros to a multiple of eight; at most 24 bits each. */
export function encodePacked(values: ArrayLike<number>, width: number): Uint8Array {
  const groups = Math.ceil(values.length / 8)
  const header = varintBytes(groups * 2 + 1)
  const out = new Uint8Array(header.length + groups * width)
  out.set(header)
  let at = header.length
  let held = 0
  let bits = 0
  for (let index = 0; index < values.length; index++) {
    held |= values[index]! << bits
    bits += width
    while (bits >= 8) {
      out[at++] = held & 255
      held >>>= 8
      bits -= 8
    }
  }
  if (bits > 0) out[at] = held
  return out
}

/** Reads `count` values from `bytes` starting at `start`. */
export function decodeHybrid(bytes: Uint8Array, start: number, width: number, count: number): Int32Array {
  const values = new Int32Array(count)
  let at = start
  let filled = 0
  const mask = 2 ** width - 1
  while (filled < count) {
    let header = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('a run ends early')
      header += (byte & 127) * scale
      if (byte < 128) break
    }
    const length = Math.floor(header / 2)
    if (header % 2 === 0) {
      let value = 0
      for (let shift = 0; shift < width; shift += 8) value += bytes[at++]! * 2 ** shift
      values.fill(value, filled, Math.min(count, filled + length))
      filled += length
      continue
    }
    const end = at + length * width
    let held = 0
    let bits = 0
    for (let index = Math.min(count - filled, length * 8); index > 0; index--) {
      while (bits < width) {
        held |= bytes[at++]! << bits
        bits += 8
      }
      values[filled++] = held & mask
      held >>>= width
      bits -= width
    }
    at = end
  }
  return values
}

/**
 * The same values, each read when it is asked for: without unpacking the rest where they are one packed run or all equal, as
 * `encodePacked` and `encodeRun` write them.
 */
export function viewHybrid(bytes: Uint8Array, start: number, width: number, count: number): (index: number) => number {
  let at = start
  let header = 0
  for (let scale = 1, byte = 128; byte >= 128; scale *= 128) {
    byte = bytes[at++] ?? 0
    header += (byte & 127) * scale
  }
  const length = Math.floor(header / 2)
  const packed = header % 2 === 1
  if ((packed ? 8 * length : length) < count) {
    const values = decodeHybrid(bytes, start, width, count)
    return (index) => values[index]!
  }
  if (!packed) {
    let value = 0
    for (let shift = 0; shift < width; shift += 8) value += bytes[at++]! * 2 ** shift
    return () => value
  }
  const from = at
  const mask = 2 ** width - 1
  return (index) => {
    const bit = index * width
    const byte = from + (bit >> 3)
    const word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16) | (bytes[byte + 3]! << 24)
    return (word >>> (bit & 7)) & mask
  }
}
