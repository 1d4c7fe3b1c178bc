import type { ForestKernels } from '#contract'
import type { Tree } from '../trees/ensemble.ts'
import { growForest } from '../trees/forest.ts'
import type { Dimension, SearchSpace, Settings } from './space.ts'
import { choiceOf, unitOf } from './unit-interval.ts'

/** A trial that has a value. */
export interface ValuedTrial {
  readonly settings: Settings
  readonly value: number
}

const trees = 64

/**
 * How much of the variance of the value over the whole space each parameter explains by itself: functional ANOVA of a
 * forest fitted to the trials (Hutter, Hoos & Leyton-Brown 2014, ICML 32:754). Numbers count evenly over their scale,
 * choices alike, a parameter that does not exist at the middle; what parameters do only together belongs to none of
 * them, so the shares add up to less than 1. Undefined below eight trials, or where all values are equal.
 */
export async function parameterImportance(
  kernels: ForestKernels,
  space: SearchSpace,
  trials: readonly ValuedTrial[],
  seed: number,
): Promise<readonly { readonly name: string; readonly share: number }[] | undefined> {
  const names = Object.keys(space)
  if (trials.length < 8 || trials.every(({ value }) => value === trials[0]!.value)) return undefined
  const columns = names.map((name) =>
    Float64Array.from(trials, ({ settings }) => placeOf(space[name]!, settings[name])),
  )
  const data = { columns, labels: Float64Array.from(trials, ({ value }) => value), classes: 0 }
  const options = { trees, tryFeatures: Math.max(1, Math.ceil((2 * names.length) / 3)), maxDepth: 0, minLeaf: 1 }
  const forest = await growForest(kernels, data, {
    ...options,
    minSplit: 3,
    bootstrap: true,
    randomThresholds: false,
    seed,
    threads: 1,
  })
  const sums = new Float64Array(names.length)
  for (const tree of forest.trees) {
    const { total, own } = explained(tree, names.length)
    if (total > 0) for (const [d, variance] of own.entries()) sums[d]! += variance / total
  }
  return names.map((name, d) => ({ name, share: sums[d]! / trees })).sort((a, b) => b.share - a.share)
}

function placeOf(dimension: Dimension, setting: Settings[string] | undefined): number {
  if (setting === undefined) return 0.5
  if (dimension.kind === 'category') return (choiceOf(dimension, setting) + 0.5) / dimension.choices.length
  return unitOf(dimension, setting as number)
}

interface Box {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly value: number
  readonly volume: number
}

/** The variance of a tree over the unit cube, and that of its mean along each side. */
function explained(tree: Tree, dimensions: number): { readonly total: number; readonly own: Float64Array } {
  const boxes = boxesOf(tree, dimensions)
  const mean = boxes.reduce((sum, { value, volume }) => sum + value * volume, 0)
  const total = boxes.reduce((sum, { value, volume }) => sum + volume * (value - mean) ** 2, 0)
  const own = Float64Array.from({ length: dimensions }, (_, d) => alongSide(boxes, d, mean))
  return { total, own }
}

function boxesOf(tree: Tree, dimensions: number): readonly Box[] {
  const found: Box[] = []
  const walk = (node: number, low: Float64Array, high: Float64Array) => {
    const side = tree.feature[node]!
    if (side < 0) {
      const volume = low.reduce((product, from, d) => product * (high[d]! - from), 1)
      found.push({ low, high, value: tree.value[node]!, volume })
      return
    }
    const cut = Math.min(high[side]!, Math.max(low[side]!, tree.threshold[node]!))
    walk(tree.left[node]!, low, high.with(side, cut))
    walk(tree.right[node]!, low.with(side, cut), high)
  }
  walk(0, new Float64Array(dimensions), new Float64Array(dimensions).fill(1))
  return found
}

/** Variance of the mean over all other sides, a step function of this one. */
function alongSide(boxes: readonly Box[], d: number, mean: number): number {
  const edges = [...new Set(boxes.flatMap(({ low, high }) => [low[d]!, high[d]!]))].sort((a, b) => a - b)
  let variance = 0
  for (let step = 0; step + 1 < edges.length; step++) {
    const [from, to] = [edges[step]!, edges[step + 1]!]
    const inside = boxes.filter(({ low, high }) => low[d]! <= from && high[d]! >= to)
    const level = inside.reduce((sum, { value, volume, low, high }) => sum + (value * volume) / (high[d]! - low[d]!), 0)
    variance += (to - from) * (level - mean) ** 2
  }
  return variance
}
