/** Number of a trial, and its states by fold. */
export type KeptStates = readonly (readonly [number: number, states: readonly Uint8Array[]])[]

/** So many bytes of states stay in memory at most, and so many go into the file that an interrupted search goes on from. */
const mostKept = 400e6
const mostSaved = 32e6
/** Of the step's memory. */
const share = 1 / 8

/**
 * Where short trials ended, for those of them that go on. A state that is not there any more costs time and changes nothing:
 * a trial that goes on gives what one trained in one go gives.
 */
export class TrialStates {
  readonly #kept = new Map<number, readonly Uint8Array[]>()

  readonly #most: number

  constructor(saved: KeptStates = [], memoryBytes: number = Number.POSITIVE_INFINITY) {
    this.#most = Math.min(mostKept, share * memoryBytes)
    for (const [number, states] of saved) this.#kept.set(number, states)
  }

  take(number: number): readonly Uint8Array[] | undefined {
    return this.#kept.get(number)
  }

  keep(number: number, states: readonly Uint8Array[]): void {
    this.#kept.set(number, states)
    while (this.#bytes() > this.#most) this.#kept.delete(this.#kept.keys().next().value!)
  }

  /** Of a trial that has gone on. */
  drop(number: number): void {
    this.#kept.delete(number)
  }

  /** The newest, as many as a small file holds. */
  small(): KeptStates {
    let left = mostSaved
    return [...this.#kept]
      .reverse()
      .filter(([, states]) => {
        left -= bytesOf(states)
        return left >= 0
      })
      .reverse()
  }

  #bytes(): number {
    return [...this.#kept.values()].reduce((sum, states) => sum + bytesOf(states), 0)
  }
}

const bytesOf = (states: readonly Uint8Array[]): number => states.reduce((sum, { byteLength }) => sum + byteLength, 0)
