/** Remembers who asked before, by place: a bit each for sixteen million places in 2 MB. Of a million people one in thirty is taken for another. */
export interface SeenPeople {
  /** Whether nobody of this place was seen; remembers it. */
  first(place: number): boolean
  forget(): void
}

const places = 1 << 24

export function seenPeople(): SeenPeople {
  const bits = new Uint32Array(places / 32)
  return {
    first(place) {
      const at = Math.floor(place * places)
      const [word, bit] = [at >>> 5, 1 << (at & 31)]
      if (bits[word]! & bit) return false
      bits[word]! |= bit
      return true
    },
    forget: () => bits.fill(0),
  }
}
