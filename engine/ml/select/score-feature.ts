import type { Cells } from '#contract'
import type { TestResult } from '../statistics/chi-square-test.ts'
import { anovaF, lineF } from './anova.ts'
import { classDivergence, type Divergence, equalCountBins } from './divergence.ts'
import { levelColumns } from './level-columns.ts'
import { mutualInformation } from './mutual-information.ts'
import { valueChiSquare } from './value-chi-square.ts'

export const featureScores = [
  'anova',
  'chi-square',
  'mutual-information',
  'squared-euclidean',
  'kullback-leibler',
  'itakura-saito',
] as const satisfies readonly ('anova' | 'chi-square' | 'mutual-information' | Divergence)[]
export type FeatureScore = (typeof featureScores)[number]

/** What features are scored for. Codes count from 0, none missing. */
export type ScoreTarget =
  | { readonly kind: 'classes'; readonly codes: Int32Array; readonly classes: number }
  | { readonly kind: 'numbers'; readonly values: Float64Array }

export interface ScoredFeature {
  /** Larger tells more; 0 where a column tells nothing. */
  readonly value: number
  /** Of the test behind it, where there is one; of a text, its strongest level's, not corrected for their number. */
  readonly pValue?: number
}

/** Parts of a numeric target that divergences compare, and of numeric columns. */
const targetParts = 4
const columnParts = 10

/**
 * How much a column tells of a target, as scikit-learn's f_classif, f_regression, chi2 and mutual_info_* score it, or the
 * divergence between its distributions in the classes. Where scikit-learn would see one-hot columns, a text scores
 * as the best of its levels. Chi-square takes no negative numbers and needs classes; for divergences a numeric target is
 * cut into four equal parts.
 */
export function scoreFeature(cells: Cells, target: ScoreTarget, score: FeatureScore): ScoredFeature {
  if (score === 'mutual-information') return { value: mutualInformation(cells, targetCells(target)) }
  if (score !== 'anova' && score !== 'chi-square') return { value: divergenceOf(cells, target, score) }
  const columns = cells.kind === 'number' ? [cells.values] : levelColumns(cells)
  let best: TestResult = { statistic: 0, pValue: 1 }
  for (const column of columns) {
    const own = testColumn(column, target, score)
    if (own.statistic > best.statistic) best = own
  }
  return { value: best.statistic, pValue: best.pValue }
}

function testColumn(column: Float64Array, target: ScoreTarget, score: 'anova' | 'chi-square'): TestResult {
  if (target.kind === 'numbers') {
    if (score === 'chi-square') throw new RangeError('chi-square scores need classes')
    return lineF(column, target.values)
  }
  const test = score === 'anova' ? anovaF : valueChiSquare
  return test(column, target.codes, target.classes)
}

const noLevels: readonly string[] = []
const targetCells = (target: ScoreTarget): Cells =>
  target.kind === 'numbers'
    ? { kind: 'number', values: target.values }
    : { kind: 'text', codes: target.codes, levels: noLevels }

function divergenceOf(cells: Cells, target: ScoreTarget, divergence: Divergence): number {
  const of =
    target.kind === 'classes'
      ? { bins: target.codes, count: target.classes }
      : equalCountBins(target.values, targetParts)
  const own =
    cells.kind === 'number'
      ? equalCountBins(cells.values, columnParts)
      : { bins: cells.codes, count: cells.levels.length }
  return classDivergence(own.bins, own.count, of.bins, of.count, divergence)
}
