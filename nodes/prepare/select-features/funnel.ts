import type { Cells, Column, FrameColumn, RunContext, Table } from '#contract'
import { columnOf } from '#ml/frame'
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

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Features of mostly missing cells, counted by the database: their cells are never read. */
export async function mostlyMissing(
  table: Table,
  candidates: readonly Column[],
  limit: number,
  context: RunContext,
): Promise<readonly Complaint[]> {
  const asked = candidates.filter(({ nullable }) => nullable)
  if (asked.length === 0) return []
  const split = columnOfRole(table.columns, 'split')
  const counts = asked.map(({ name }, i) => `count(${quoted(name)}) AS c${i}`).join(', ')
  const where = split ? ` WHERE CAST(${quoted(split.name)} AS VARCHAR) = 'train'` : ''
  const [row] = await context.tables.rows(`SELECT count(*) AS n, ${counts} FROM data${where}`, { data: table })
  const all = Number(row!.n)
  return asked.flatMap(({ name }, i) => {
    const share = all === 0 ? 0 : 1 - Number(row![`c${i}`]) / all
    if (share <= limit) return []
    const reason = `${formatPercent(share)} of its training cells are missing, more than ${formatPercent(limit)}`
    return [{ feature: name, reason, value: share, limit }]
  })
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
