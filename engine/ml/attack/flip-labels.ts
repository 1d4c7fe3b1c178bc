import { createRandom } from '../random/random.ts'

export interface FlipOptions {
  /** Share of the rows that may be flipped whose labels are, in [0, 1]; rounded to whole rows. */
  readonly share: number
  /** Only rows of this class; every class unless told. */
  readonly from?: number
  /** The class they get; a random other one unless told. */
  readonly to?: number
  /** How much flipping each row harms, as the loss of a model at its flipped label; the largest are flipped. */
  readonly harm?: ArrayLike<number>
  readonly seed?: number | string
}

/** Poisoned labels and the rows that carry them, rising. */
export interface FlippedLabels {
  readonly classOf: Int32Array
  readonly flipped: Uint32Array
}

/**
 * Poisons training labels: random flips (Biggio, Nelson & Laskov 2011, ACML), or those that harm most as a surrogate sees it
 * (Paudice, Muñoz-González & Lupu 2018, arXiv 1803.00992). Rows of class `to` are never chosen.
 */
export function flipLabels(classOf: ArrayLike<number>, classes: number, options: FlipOptions): FlippedLabels {
  const { share, from, to, harm, seed = 0 } = options
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is between 0 and 1, not ${share}`)
  if (classes < 2 && to === undefined) throw new RangeError('labels of one class can not be flipped')
  if (harm && (harm.length !== classOf.length || Array.from(harm).some(Number.isNaN)))
    throw new RangeError('a harm that is a number is needed for each row')
  const random = createRandom(seed).split('flip-labels')
  const poisoned = Int32Array.from(classOf)
  const open = [...poisoned.keys()].filter(
    (row) => poisoned[row] !== to && (from === undefined || poisoned[row] === from),
  )
  const order = harm
    ? open.toSorted((a, b) => harm[b]! - harm[a]! || a - b)
    : [...random.permutation(open.length)].map((at) => open[at]!)
  const flipped = Uint32Array.from(order.slice(0, Math.round(share * open.length))).sort()
  const other = (own: number) => (own + 1 + random.integer(classes - 1)) % classes
  for (const row of flipped) poisoned[row] = to ?? other(poisoned[row]!)
  return { classOf: poisoned, flipped }
}
