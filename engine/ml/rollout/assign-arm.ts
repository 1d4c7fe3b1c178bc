/**
 * Which version answers a person: a hash of seed and key, spread evenly over [0, 1). The same seed and key give the same
 * place on any machine; as a challenger's share grows, those it has it keeps.
 */

/** Two lanes of 32 bits, each mixed as in MurmurHash3 (Appleby 2011). */
export class KeyHash {
  readonly #seed: readonly [number, number]
  #a = 0
  #b = 0
  readonly #number = new Float64Array(1)
  readonly #words = new Uint32Array(this.#number.buffer)

  constructor(seed: string) {
    this.#seed = [0x9e3779b9, 0x243f6a88]
    this.begin()
    this.text(seed)
    this.#seed = [this.#a, this.#b]
    this.begin()
  }

  begin(): void {
    this.#a = this.#seed[0]
    this.#b = this.#seed[1]
  }

  #word(word: number): void {
    const a = Math.imul(this.#a ^ Math.imul(word, 0xcc9e2d51), 0x85ebca6b)
    const b = Math.imul(this.#b ^ Math.imul(word, 0x1b873593), 0xc2b2ae35)
    this.#a = ((a << 13) | (a >>> 19)) + 0x6b64
    this.#b = ((b << 15) | (b >>> 17)) ^ (a >>> 16)
  }

  text(text: string): void {
    for (let index = 0; index < text.length; index++) this.#word(text.charCodeAt(index))
    this.#word(0x10000 + text.length)
  }

  /** A cell of a row: text, number, truth value or nothing. */
  cell(value: unknown): void {
    if (typeof value === 'number') {
      this.#number[0] = value === 0 ? 0 : value
      this.#word(this.#words[0]!)
      this.#word(this.#words[1]!)
    } else if (typeof value === 'string') this.text(value)
    else this.#word(value === true ? 0x20001 : value === false ? 0x20002 : 0x20003)
  }

  /** A number of [0, 1) with 53 bits; begins anew. */
  place(): number {
    const high = finish(this.#a ^ this.#b) >>> 5
    const low = finish(this.#b + Math.imul(this.#a, 0x9e3779b1)) >>> 6
    this.begin()
    return (high * 0x4000000 + low) / 0x20000000000000
  }
}

/** MurmurHash3's last step: every bit moves every other. */
function finish(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The arm at a place: challengers, which come behind the champion in `shares`, take places from 0 on, the champion the rest. */
export function armAt(place: number, shares: ArrayLike<number>): number {
  let upTo = 0
  for (let arm = 1; arm < shares.length; arm++) {
    upTo += shares[arm]!
    if (place < upTo) return arm
  }
  return 0
}
