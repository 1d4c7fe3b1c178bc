import type { Cells, Column, FrameColumn, RunContext, Table } from '#contract'
import { columnOf, splitRows } from '#ml/frame'
import { columnOfRole } from '#ml/roles'
import { categoryTwins } from '#ml/select/category-twins'
import type { TwinChoice } from '#ml/select/drop-twins'
import { valueSpread } from '#ml/select/near-zero-variance'
import { pearsonTwins } from '#ml/select/pearson-twins'
import { scoreFeature } from '#ml/select/score-feature'
import { formatNumber, formatPercent } from '#report/format-number'
import type { LearnerRows } from '../../train/learner.ts'
import type { SelectParams } from './params.ts'
import { scoreTarget } from './score-target.ts'
import type { Complaint, Sieve } from './selection.ts'

/** Contingency tables of more levels would say nothing and take long. */
const mostLevels = 200

/** Cells that stand in memory at a time. */
const mostCells = 4_000_000

/** Features of mostly missing cells in the training rows; read a few at a time, so that no other step holds them. */
export async function mostlyMissing(
  table: Table,
  candidates: readonly Column[],
  limit: number,
  context: RunContext,
): Promise<readonly Complaint[]> {
  const asked = candidates.filter(({ nullable }) => nullable)
  const split = columnOfRole(table.columns, 'split')
  const training = splitRows(await context.tables.read(table, split ? [split.name] : []), 'train')
  const together = Math.max(1, Math.floor(mostCells / Math.max(1, table.rows)))
  const complaints: Complaint[] = []
  for (let from = 0; from < asked.length; from += together) {
    const names = asked.slice(from, from + together).map(({ name }) => name)
    const { columns } = await context.tables.read(table, names)
    for (const { name, cells } of columns) {
      const share = training.length === 0 ? 0 : 1 - presentCells(cells, training) / training.length
      if (share <= limit) continue
      const reason = `${formatPercent(share)} of its training cells are missing, more than ${formatPercent(limit)}`
      complaints.push({ feature: name, reason, value: share, limit })
    }
    context.progress((0.1 * (from + names.length)) / asked.length)
  }
  return complaints
}

function presentCells(cells: Cells, rows: Uint32Array): number {
  let present = 0
  if (cells.kind === 'number') {
    for (const row of rows) if (!Number.isNaN(cells.values[row]!)) present++
  } else for (const row of rows) if (cells.codes[row]! >= 0) present++
  return present
}

/**
 * Nearly constant features, but for those whose rare values go with the target beyond chance, as capital gains with income. That a
 * cell is missing is a value too: learners see it.
 */
export function nearlyConstant(
  columns: readonly FrameColumn[],
  rows: LearnerRows,
  params: SelectParams,
): readonly Complaint[] {
  const target = scoreTarget(rows)
  const tells = (cells: Cells) => (scoreFeature(cells, target, 'anova').pValue ?? 1) <= params.tellingAlpha
  return columns.flatMap(({ name, cells }) => {
    const { constant, nearZero, frequencyRatio } = valueSpread(
      withMissing(cells),
      params.frequencyCut,
      params.distinctCut,
    )
    if (!nearZero || (!constant && tells(cells))) return []
    const reason = constant
      ? 'It has one value in all training rows'
      : `Its most frequent value is ${formatNumber(frequencyRatio, 1)} times as frequent as the next`
    return [{ feature: name, reason, value: constant ? null : frequencyRatio, limit: params.frequencyCut }]
  })
}

/** Missing cells as one value that no other cell has. */
const withMissing = (cells: Cells) =>
  cells.kind === 'number'
    ? cells.values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value))
    : cells.codes.map((code) => code + 1)

const cellArray = (cells: Cells) => (cells.kind === 'number' ? cells.values : cells.codes)

/** How much each column tells of the target, so that of two twins the better one stays; what must stay comes first. */
function worth(columns: readonly FrameColumn[], rows: LearnerRows, sieve: Sieve): Float64Array {
  const target = scoreTarget(rows)
  return Float64Array.from(columns, ({ name, cells }) =>
    sieve.isSpared(name) ? Number.POSITIVE_INFINITY : scoreFeature(cells, target, 'anova').value,
  )
}

export async function numberTwins(
  rows: LearnerRows,
  sieve: Sieve,
  limit: number,
  context: RunContext,
): Promise<readonly Complaint[]> {
  const columns = sieve.features
    .map((name) => columnOf(rows.frame, name))
    .filter(({ cells }) => cells.kind === 'number')
  const cells = columns.map((column) => cellArray(column.cells) as Float64Array)
  const choice = await pearsonTwins(cells, limit, worth(columns, rows, sieve), {
    products: await context.kernels.dense(),
    async onBlock(fraction) {
      await context.breathe()
      context.progress(0.2 + 0.09 * fraction, 'twins among numbers')
    },
  })
  return twinComplaints(columns, choice, limit, (strength) => `Correlation ${formatNumber(strength, 2)} with`)
}

export function textTwins(rows: LearnerRows, sieve: Sieve, params: SelectParams): readonly Complaint[] {
  const columns = sieve.features
    .map((name) => columnOf(rows.frame, name))
    .filter(({ cells }) => cells.kind === 'text' && cells.levels.length <= mostLevels)
  const codes = columns.flatMap(({ cells }) =>
    cells.kind === 'text' ? [{ codes: cells.codes, levels: cells.levels.length }] : [],
  )
  const choice = categoryTwins(codes, params.categoryTwins, params.alpha, worth(columns, rows, sieve))
  const word = (strength: number) => `Cramér’s V ${formatNumber(strength, 2)} with`
  return twinComplaints(columns, choice, params.categoryTwins, word)
}

function twinComplaints(
  columns: readonly FrameColumn[],
  { dropped }: TwinChoice,
  limit: number,
  word: (strength: number) => string,
): readonly Complaint[] {
  return dropped.map(({ feature, twin, strength }) => {
    const kept = columns[twin]!.name
    const reason = `${word(strength)} ${kept}, which stays`
    return { feature: columns[feature]!.name, reason, value: strength, limit, twin: kept }
  })
}
