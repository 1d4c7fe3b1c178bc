/**
 * Seeded random numbers, the same on every platform: xoshiro128** (Blackman & Vigna 2021, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47:36), 32-bit integer arithmetic only. A generator is named by its seed
 * and the labels on the way to it: `split` depends on those alone, never on what was drawn, so that parts of a
 * computation can run in any order or thread and still draw the same numbers.
 */
export interface Random {
  /** An integer of [0, 2^32). */
  uint32(): number
  /** A number of [0, 1) with 53 random bits. */
  uniform(): number
  /** A standard normal number. */
  normal(): number
  /** An integer of [0, below), unbiased; `below` at most 2^32. */
  integer(below: number): number
  /** Shuffles in place and returns its argument. */
  shuffle<T extends { readonly length: number; [index: number]: number }>(values: T): T
  /** The numbers 0 to length - 1 in random order. */
  permutation(length: number): Uint32Array
  /** An independent generator named by the label. */
  split(label: string | number): Random
}

type Key = readonly [number, number, number, number]

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by))

/** Finalizer of MurmurHash3: every input bit moves every output bit. */
function scramble(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Absorbs a text into a key, lane by lane with different multipliers. */
function absorb(key: Key, text: string): Key {
  let [a, b, c, d] = key
  for (let index = 0; index <= text.length; index++) {
    const unit = index < text.length ? text.charCodeAt(index) : 0x10000 + text.length
    a = b ^ Math.imul(rotate(a ^ unit, 13), 0x239b961b)
    b = c ^ Math.imul(rotate(b ^ unit, 17), 0xab0e9789)
    c = d ^ Math.imul(rotate(c ^ unit, 19), 0x38b34ae5)
    d = a ^ Math.imul(rotate(d ^ unit, 23), 0xa1e38b93)
  }
  return [scramble(a + d), scramble(b + a), scramble(c + b), scramble(d + c)]
}

/** One step of xoshiro128**: advances the four words and returns 32 bits. */
export function xoshiroStep(s: Uint32Array): number {
  const s1 = s[1]!
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
  s[2]! ^= s[0]!
  s[3]! ^= s1
  s[1]! ^= s[2]!
  s[0]! ^= s[3]!
  s[2]! ^= s1 << 9
  s[3] = rotate(s[3]!, 11)
  return result
}

class Xoshiro implements Random {
  readonly #key: Key
  readonly #state: Uint32Array
  #spare = Number.NaN

  constructor(key: Key) {
    this.#key = key
    this.#state = Uint32Array.of(...key)
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1
    for (let index = 0; index < 8; index++) this.uint32()
  }

  uint32(): number {
    return xoshiroStep(this.#state)
  }

  uniform(): number {
    const high = this.uint32() >>> 5
    return (high * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000
  }

  /** Marsaglia's polar method; needs only logarithm and square root. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare
      this.#spare = Number.NaN
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const square = u * u + v * v
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spare = v * factor
      return u * factor
    }
  }

  integer(below: number): number {
    const limit = 0x100000000 - (0x100000000 % below)
    for (;;) {
      const draw = this.uint32()
      if (draw < limit) return draw % below
    }
  }

  shuffle<T extends { readonly length: number; [index: number]: number }>(values: T): T {
    for (let index = values.length - 1; index > 0; index--) {
      const other = this.integer(index + 1)
      const value = values[index]!
      values[index] = values[other]!
      values[other] = value
    }
    return values
  }

  permutation(length: number): Uint32Array {
    const order = new Uint32Array(length)
    for (let index = 0; index < length; index++) order[index] = index
    return this.shuffle(order)
  }

  split(label: string | number): Random {
    return new Xoshiro(absorb(this.#key, `${typeof label === 'number' ? '#' : '/'}${label}`))
  }
}

/** A generator for a seed; the same seed gives the same numbers anywhere. */
export function createRandom(seed: number | string): Random {
  return new Xoshiro(absorb([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x93c467e3], String(seed)))
}
