import { createRandom, type Random } from '../random/random.ts'
import { leafOf, type Tree } from './ensemble.ts'

/**
 * Isolation forest: Liu, Ting & Zhou 2008, Isolation Forest (doi 10.1109/ICDM.2008.17). Each tree splits a small sample
 * at random thresholds of random features until rows stand alone or the depth reaches ⌈log2 sample⌉; rows that are
 * isolated early are unusual. A leaf's value is the path length, with c(n) for the n rows left in it; the score is
 * 2^(-mean length / c(sample)): above a half is more unusual than a random row, near 1 an outlier (scikit-learn gives the
 * negative of it). As there, a feature that is constant in a node is passed over. Missing values go to a random side of
 * each split.
 */
export interface IsolationOptions {
  readonly trees: number
  /** Rows a tree is grown on, drawn without repetition; all when there are fewer. */
  readonly sample: number
  readonly seed: number
  /** Called after each tree with the number grown; may throw to cancel. */
  readonly afterTree?: (grown: number) => void
}

/** Those of the paper. */
export const isolationDefaults = { trees: 100, sample: 256 } as const satisfies Omit<IsolationOptions, 'seed'>

export interface IsolationForest {
  readonly trees: readonly Tree[]
  /** Rows each tree was grown on. */
  readonly sample: number
}

const eulerGamma = 0.5772156649015329

/** c(n): mean path length of an unsuccessful search in a binary search tree of n rows. */
export function meanPathLength(rows: number): number {
  if (rows <= 1) return 0
  if (rows === 2) return 1
  return 2 * (Math.log(rows - 1) + eulerGamma) - (2 * (rows - 1)) / rows
}

export function growIsolationForest(columns: readonly Float64Array[], options: IsolationOptions): IsolationForest {
  const rows = columns[0]?.length ?? 0
  const sample = Math.min(rows, options.sample)
  const random = createRandom(options.seed).split('isolation')
  const trees = Array.from({ length: options.trees }, (_, index) => {
    const own = random.split(index)
    const tree = growTree(columns, drawRows(rows, sample, own), own)
    options.afterTree?.(index + 1)
    return tree
  })
  return { trees, sample }
}

/** Scores above 0 and at most 1, one a row; a half for every row when the forest was grown on one row or none. */
export function isolationScores(
  { trees, sample }: IsolationForest,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array {
  const usual = meanPathLength(sample)
  const scores = new Float64Array(rows)
  for (const tree of trees) for (let row = 0; row < rows; row++) scores[row]! += tree.value[leafOf(tree, columns, row)]!
  return scores.map((length) => (usual > 0 ? 2 ** (-length / trees.length / usual) : 0.5))
}

/** Floyd's sampling without repetition (Bentley & Floyd 1987, CACM 30:754). */
function drawRows(rows: number, sample: number, random: Random): Uint32Array {
  const drawn = new Set<number>()
  for (let last = rows - sample; last < rows; last++) {
    const row = random.integer(last + 1)
    drawn.add(drawn.has(row) ? last : row)
  }
  return Uint32Array.from(drawn)
}

interface Split {
  readonly feature: number
  readonly threshold: number
  readonly missingLeft: boolean
}

function growTree(columns: readonly Float64Array[], rows: Uint32Array, random: Random): Tree {
  const feature: number[] = []
  const threshold: number[] = []
  const missingLeft: number[] = []
  const left: number[] = []
  const right: number[] = []
  const value: number[] = []
  const cover: number[] = []
  const deepest = Math.ceil(Math.log2(Math.max(2, rows.length)))
  const visit = (own: Uint32Array, depth: number): number => {
    const split = depth < deepest && own.length > 1 ? drawSplit(columns, own, random) : undefined
    const node = feature.push(split ? split.feature : -1) - 1
    threshold.push(split ? split.threshold : 0)
    missingLeft.push(split?.missingLeft ? 1 : 0)
    left.push(-1)
    right.push(-1)
    value.push(split ? 0 : depth + meanPathLength(own.length))
    cover.push(own.length)
    if (!split) return node
    const column = columns[split.feature]!
    const goesLeft = (row: number) => (Number.isNaN(column[row]!) ? split.missingLeft : column[row]! <= split.threshold)
    left[node] = visit(own.filter(goesLeft), depth + 1)
    right[node] = visit(
      own.filter((row) => !goesLeft(row)),
      depth + 1,
    )
    return node
  }
  visit(rows, 0)
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    missingLeft: Uint8Array.from(missingLeft),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
    cover: Float64Array.from(cover),
    gain: new Float64Array(feature.length),
  }
}

/** A random threshold of a random feature that varies over these rows. */
function drawSplit(columns: readonly Float64Array[], rows: Uint32Array, random: Random): Split | undefined {
  const left = Array.from(columns.keys())
  while (left.length > 0) {
    const at = random.integer(left.length)
    const feature = left[at]!
    left[at] = left.at(-1)!
    left.pop()
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const row of rows) {
      const value = columns[feature]![row]!
      if (value < low) low = value
      if (value > high) high = value
    }
    if (!(low < high)) continue
    const share = random.uniform()
    const drawn = (1 - share) * low + share * high
    return { feature, threshold: drawn >= low && drawn < high ? drawn : low, missingLeft: random.uniform() < 0.5 }
  }
  return undefined
}
