/** Writes the protobuf wire format: only what ONNX needs. https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufWriter {
  #bytes = new Uint8Array(16_384)
  #length = 0

  #reserve(more: number): number {
    const at = this.#length
    this.#length += more
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    return at
  }

  #varint(value: number): void {
    const at = this.#reserve(varintLength(value))
    let rest = value
    for (let index = at; index < this.#length - 1; index++) {
      this.#bytes[index] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length - 1] = rest
  }

  integer(field: number, value: number | bigint): this {
    this.#varint(field << 3)
    if (typeof value === 'number' && value >= 0) this.#varint(value)
    else this.#wide(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  #wide(value: bigint): void {
    let rest = value
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#reserve(1)] = Number(rest & 127n) | 128
    this.#bytes[this.#reserve(1)] = Number(rest)
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2)
    this.#varint(value.length)
    this.#raw(value)
    return this
  }

  text(field: number, value: string): this {
    return this.message(field, () => {
      const at = this.#reserve(value.length)
      for (let index = 0; index < value.length; index++) {
        const code = value.charCodeAt(index)
        if (code > 127) {
          this.#length = at
          return this.#raw(utf8(value))
        }
        this.#bytes[at + index] = code
      }
    })
  }

  #raw(value: Uint8Array): void {
    const at = this.#reserve(value.length)
    this.#bytes.set(value, at)
  }

  /** What `write` writes, behind its length. */
  message(field: number, write: () => void): this {
    this.#varint((field << 3) | 2)
    const from = this.#reserve(1) + 1
    write()
    const [length, to] = [this.#length - from, this.#length]
    // Most fit behind a length of one byte, others make room.
    this.#reserve(varintLength(length) - 1)
    this.#bytes.copyWithin(from - 1 + varintLength(length), from, to)
    const end = this.#length
    this.#length = from - 1
    this.#varint(length)
    this.#length = end
    return this
  }

  float(field: number, value: number): this {
    this.#varint((field << 3) | 5)
    this.#raw(new Uint8Array(Float32Array.of(value).buffer))
    return this
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++
  return length
}

/** UTF-8 of a text; unpaired surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const out: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code
    if (point < 0x80) out.push(point)
    else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else out.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  }
  return Uint8Array.from(out)
}
