import { sobolDirections } from './sobol-directions.ts'

/**
 * Sobol's low-discrepancy sequence, 32 bits, in the Gray-code order of Antonov & Saleev (1979) with the direction
 * numbers of Joe & Kuo (2008): v_k = ⊕ a_i v_{k-i} ⊕ v_{k-s} / 2^s. Equal to SciPy's `qmc.Sobol` without scrambling.
 */
const bits = 32

/** Dimensions that have direction numbers. */
export const sobolDimensions = 128

let directions: readonly Uint32Array[] | undefined

/** Coordinate `dimension` of point `index` of the sequence, as an integer of [0, 2^32); index below 2^32. */
export function sobolInteger(index: number, dimension: number): number {
  directions ??= [firstDirections(), ...sobolDirections.trim().split(/\s+/).map(expandDirections)]
  const vectors = directions[dimension]!
  let gray = (index ^ (index >>> 1)) >>> 0
  let point = 0
  for (let bit = 0; gray !== 0; bit++, gray >>>= 1) if (gray & 1) point ^= vectors[bit]!
  return point >>> 0
}

const firstDirections = () => Uint32Array.from({ length: bits }, (_, bit) => 2 ** (bits - 1 - bit))

function expandDirections(entry: string): Uint32Array {
  const [head, tail] = entry.split(':')
  const polynomial = Number(head)
  const start = tail!.split(',').map(Number)
  const degree = start.length
  const vectors = new Uint32Array(bits)
  for (let k = 0; k < bits; k++) {
    if (k < degree) {
      vectors[k] = start[k]! * 2 ** (bits - 1 - k)
      continue
    }
    let value = vectors[k - degree]! ^ (vectors[k - degree]! >>> degree)
    for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) value ^= vectors[k - i]!
    vectors[k] = value
  }
  return vectors
}
