import type { Metric } from '#contract'
import type { Random } from '../random/random.ts'
import { drawMultinomial } from '../statistics/binomial-draw.ts'
import { resample } from '../statistics/bootstrap.ts'
import { quantileSorted } from '../statistics/quantiles.ts'
import { groupGaps } from './group-gaps.ts'
import type { Share } from './group-shares.ts'
import { type Decisions, type JudgedGroups, judgeGroups } from './judge-groups.ts'
import type { Groups } from './protected-groups.ts'

export interface GapBootstrap {
  readonly random: Random
  /** Default 1,000. */
  readonly replicates?: number
  /** Default 0.95. */
  readonly confidence?: number
  /** The group others are compared with; the one with the highest rate unless named. */
  readonly reference?: string
  readonly onProgress?: (fraction: number) => void
}

/**
 * The gaps of `groupGaps` with percentile bootstrap intervals (Efron & Tibshirani 1993, An Introduction to the Bootstrap,
 * 13) in place of those of formulas. Groups that are compared and the reference stay those of all rows.
 *
 * Without weights a figure depends on the rows only by how many are in each cell of group × outcome × decision, and the
 * cell counts of rows drawn with replacement are multinomial: they are drawn as such, so a replicate costs as much as
 * there are cells, whatever the rows. With weights rows are drawn. Calibration has no place in the cells and is left out.
 */
export function bootstrapGaps(groups: Groups, decisions: Decisions, column: string, options: GapBootstrap): Metric[] {
  const { scores: _, ...decided } = decisions
  const judged = judgeGroups(groups, decided, options.reference)
  const metrics = groupGaps(judged, column)
  const replicates = decided.weights
    ? fromRows(groups, decided, judged, column, options)
    : fromCells(groups, decided, judged, column, options)
  const tail = (1 - (options.confidence ?? 0.95)) / 2
  return metrics.map((metric, index) => {
    const sorted = replicates[index]!.filter((value) => !Number.isNaN(value)).sort()
    if (metric.value === null || sorted.length === 0) return metric
    return { ...metric, low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) }
  })
}

const valuesOf = (judged: JudgedGroups, column: string) =>
  groupGaps(judged, column).map(({ value }) => value ?? Number.NaN)

function fromRows(groups: Groups, decided: Decisions, judged: JudgedGroups, column: string, options: GapBootstrap) {
  const weights = new Float64Array(groups.codes.length)
  const { small, reference } = judged
  return resample(
    weights.length,
    (counts) => {
      for (let row = 0; row < weights.length; row++) weights[row] = counts[row]! * decided.weights![row]!
      return valuesOf({ ...judgeGroups(groups, { ...decided, weights }), small, reference }, column)
    },
    options,
  )
}

/** Cells a group: bit 0 the decision, bit 1 the true outcome. */
const cellsOfGroup = 4

function fromCells(groups: Groups, decided: Decisions, judged: JudgedGroups, column: string, options: GapBootstrap) {
  const { random, replicates = 1_000, onProgress } = options
  const counts = countCells(groups, decided)
  const rows = groups.codes.length
  const drawn = new Float64Array(counts.length)
  const results = valuesOf(judged, column).map(() => new Float64Array(replicates))
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawMultinomial(rows, counts, random, drawn)
    valuesOf(judgeCells(judged, drawn), column).forEach((value, index) => {
      results[index]![replicate] = value
    })
    if (onProgress && replicate % 64 === 63) onProgress((replicate + 1) / replicates)
  }
  return results
}

function countCells({ codes, names }: Groups, { favourable, actual }: Decisions): Float64Array {
  const counts = new Float64Array(names.length * cellsOfGroup)
  for (let row = 0; row < codes.length; row++)
    counts[codes[row]! * cellsOfGroup + (actual ? 2 * actual[row]! : 0) + favourable[row]!]!++
  return counts
}

/** The shares of `judgeGroups` from cell counts. */
function judgeCells(judged: JudgedGroups, cells: Float64Array): JudgedGroups {
  const shares = (passed: readonly number[], among: readonly number[]): Share[] =>
    judged.groups.names.map((_, group) => {
      const sum = (which: readonly number[]) =>
        which.reduce((all, cell) => all + cells[group * cellsOfGroup + cell]!, 0)
      const all = sum(among)
      return { value: all > 0 ? sum(passed) / all : null, effective: all, rows: all }
    })
  const { groups, small, reference } = judged
  const head = { groups, small, reference, rate: shares([1, 3], [0, 1, 2, 3]) }
  if (!judged.truePositive) return head
  return {
    ...head,
    truePositive: shares([3], [2, 3]),
    falsePositive: shares([1], [0, 1]),
    precision: shares([3], [1, 3]),
    falseOmission: shares([2], [0, 2]),
    accuracy: shares([0, 3], [0, 1, 2, 3]),
  }
}
