/**
 * Bregman divergences D(p, q) = Σ φ(p) - φ(q) - φ'(q) (p - q) (Bregman 1967; Banerjee et al. 2005, JMLR 6:1705), by
 * their convex function φ:
 * - squared-euclidean, φ = x²: Σ (p - q)²;
 * - kullback-leibler, φ = x ln x: Σ p ln(p / q) - p + q, in nats;
 * - itakura-saito, φ = -ln x: Σ p / q - ln(p / q) - 1 (Itakura & Saito 1968); not changed by a common factor.
 */
export type Divergence = 'squared-euclidean' | 'kullback-leibler' | 'itakura-saito'

/** Of two lists of equal length; above 0 throughout, but for squared-euclidean. */
export function bregmanDivergence(p: Float64Array, q: Float64Array, divergence: Divergence): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) {
    const a = p[i]!
    const b = q[i]!
    if (divergence === 'squared-euclidean') sum += (a - b) * (a - b)
    else if (divergence === 'kullback-leibler') sum += a * Math.log(a / b) - a + b
    else sum += a / b - Math.log(a / b) - 1
  }
  return Math.max(0, sum)
}

/**
 * How differently a column is distributed in the classes: the mean over all pairs of classes, weighed by the product of
 * their sizes, of the mean of both directions of the divergence between their shares of the column's bins. Larger
 * separates better; 0 when all classes are spread alike. Half a row is added to each bin of each class, so that empty
 * bins stay finite. This is Plumbline's definition: class-conditional distributions do not depend on how classes are
 * coded nor, with bins of equal counts, on the unit of a column. Rows with a negative bin or code are left out.
 */
export function classDivergence(
  bins: Int32Array,
  binCount: number,
  codes: Int32Array,
  classes: number,
  divergence: Divergence,
): number {
  const shares = Array.from({ length: classes }, () => new Float64Array(binCount))
  const counts = new Float64Array(classes)
  for (let i = 0; i < bins.length; i++) {
    if (bins[i]! < 0 || codes[i]! < 0) continue
    shares[codes[i]!]![bins[i]!]! += 1
    counts[codes[i]!]! += 1
  }
  shares.forEach((own, k) => {
    for (let b = 0; b < binCount; b++) own[b] = (own[b]! + 0.5) / (counts[k]! + 0.5 * binCount)
  })
  let sum = 0
  let weights = 0
  for (let k = 0; k < classes; k++)
    for (let l = 0; l < k; l++) {
      const weight = counts[k]! * counts[l]!
      if (weight === 0) continue
      const [p, q] = [shares[k]!, shares[l]!]
      sum += (weight * (bregmanDivergence(p, q, divergence) + bregmanDivergence(q, p, divergence))) / 2
      weights += weight
    }
  return weights > 0 ? sum / weights : 0
}

/**
 * Bins of about equal counts, numbered from 0 by rising value; equal values share a bin (a cut inside a
 * run of them moves behind it), so there may be fewer than asked for. -1 for a missing value.
 */
export function equalCountBins(values: Float64Array, most = 10): { readonly bins: Int32Array; readonly count: number } {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges: number[] = []
  for (let b = 1; b < most; b++) {
    let cut = Math.floor((b * sorted.length) / most)
    if (cut > 0) while (cut < sorted.length && sorted[cut] === sorted[cut - 1]) cut++
    if (cut > 0 && cut < sorted.length && sorted[cut] !== edges.at(-1)) edges.push(sorted[cut]!)
  }
  const bins = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1
    let bin = 0
    while (bin < edges.length && value >= edges[bin]!) bin++
    return bin
  })
  return { bins, count: sorted.length === 0 ? 0 : edges.length + 1 }
}

/**
 * The divergence as the selectors of the Python package kydavra define it: column and target, numbers of equal sign, are
 * each divided by their sums, zeros are set to `floor`, and row i of one is compared with row i of the other; the
 * Itakura-Saito one is the mean over rows. Smaller resembles the target more, and columns between two limits are kept.
 * It depends on how the target is coded and on the zero point of a column: for comparison with that package only.
 * NaN where a sum is 0 or a share negative.
 */
export function rowDivergence(
  values: Float64Array,
  target: Float64Array,
  divergence: Divergence,
  floor = 1e-4,
): number {
  const p = sharesOfSum(target, floor)
  const q = sharesOfSum(values, floor)
  const sum = p && q ? bregmanDivergence(p, q, divergence) : Number.NaN
  return divergence === 'itakura-saito' ? sum / values.length : sum
}

function sharesOfSum(values: Float64Array, floor: number): Float64Array | undefined {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  if (sum === 0) return undefined
  const shares = values.map((value) => (value === 0 ? floor : value / sum))
  return shares.every((share) => share > 0) ? shares : undefined
}
