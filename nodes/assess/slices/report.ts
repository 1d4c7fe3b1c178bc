import type { BlockCell, CardFact, Column, Evaluation, Hash, ReportBlock, Slice } from '#contract'
import { formatInteger, formatPercent } from '#report/format-number'
import { sliceRows } from './slice-rows.ts'

const shown = 40

/** The worst slice that is large enough to be named. */
const worstOf = (slices: readonly Slice[]) => slices.find(({ small }) => !small)

const overallError = (evaluation: Evaluation) =>
  evaluation.metrics.find(({ name }) => name === 'slices.error_rate')?.value ?? 0

export function slicesCard(evaluation: Evaluation): CardFact {
  const slices = evaluation.slices?.slices ?? []
  const worst = worstOf(slices)
  if (!worst) return { text: `${formatInteger(slices.length)} slices, none large enough to judge` }
  const overall = overallError(evaluation)
  const clear = (worst.errorRate.low ?? 0) > overall
  return {
    text: `Worst: **${worst.label}**, ${formatPercent(worst.errorRate.value)} wrong (${formatPercent(overall)} overall)`,
    ...(clear && { tone: 'bad' as const }),
    picture: {
      type: 'bars',
      values: slices.slice(0, 8).map((slice) => slice.errorRate.value ?? 0),
      tones: slices.slice(0, 8).map((slice) => ((slice.errorRate.low ?? 0) > overall ? 'bad' : 'mute')),
    },
  }
}

export function slicesReport(evaluation: Evaluation, columns: readonly Column[]): ReportBlock[] {
  const { slices, metric, overall } = evaluation.slices ?? { slices: [], metric: 'accuracy', overall: { value: null } }
  const error = overallError(evaluation)
  const all = evaluation.metrics.find(({ name }) => name === 'slices.count')?.value ?? slices.length
  const large = slices.filter(({ small }) => !small)
  const few = slices.length - large.length
  return [
    {
      block: 'heading',
      text: 'Where it goes wrong',
      note: `${formatInteger(evaluation.rows)} rows, ${formatInteger(all)} slices, 95 % intervals`,
    },
    {
      block: 'metric',
      label: metric === 'mae' ? 'Mean absolute error overall' : 'Accuracy overall',
      estimate: overall,
      format: metric === 'mae' ? 'number' : 'percent',
    },
    ...(large.length > 0 ? [worstChart(large.slice(0, 12), error, { table: evaluation.table, columns })] : []),
    ...foundTable(evaluation, slices),
    table(slices, all, metric, error),
    ...(few > 0
      ? [
          {
            block: 'text' as const,
            tone: 'stale' as const,
            text: `${formatInteger(few)} ${few === 1 ? 'slice has' : 'slices have'} too few rows to judge and ${few === 1 ? 'stands' : 'stand'} last.`,
          },
        ]
      : []),
  ]
}

/** The slices that are worse beyond chance, most room for improvement first. */
function foundTable(evaluation: Evaluation, slices: readonly Slice[]): ReportBlock[] {
  const tested = evaluation.metrics.find(({ name }) => name === 'slices.beyond_chance')?.n ?? 0
  if (tested === 0) return []
  const found = slices.filter(({ chance }) => chance !== undefined).sort((a, b) => b.room - a.room)
  const tried = `${formatInteger(tested)} slices were tried; the chance is corrected for all of them`
  if (found.length === 0) return [{ block: 'text', text: `No slice is worse than the rest beyond chance. ${tried}.` }]
  return [
    {
      block: 'table',
      title: 'Worse beyond chance',
      note: found.length > shown ? `${tried}; the first ${shown} of ${formatInteger(found.length)}` : tried,
      columns: ['Slice', 'Rows', 'Share misclassified', 'Room for improvement', 'Chance'],
      rows: found
        .slice(0, shown)
        .map((slice): BlockCell[] => [
          slice.label,
          slice.rows,
          slice.errorRate,
          formatPercent(slice.room, 1),
          (slice.chance ?? 1) < 0.0001 ? 'below 0.0001' : (slice.chance ?? 1).toFixed(4),
        ]),
    },
  ]
}

function worstChart(
  worst: readonly Slice[],
  error: number,
  of: { readonly table: Hash; readonly columns: readonly Column[] },
): ReportBlock {
  return {
    block: 'chart',
    title: 'Error rate of the worst slices',
    note: `The dashed line is the error rate of all rows, ${formatPercent(error)}`,
    chart: {
      type: 'bars',
      format: 'percent',
      rows: worst.map((slice) => ({
        label: slice.label,
        estimate: slice.errorRate,
        limit: error,
        note: `${formatInteger(slice.rows)} rows`,
        ...((slice.errorRate.low ?? 0) > error && { tone: 'bad' as const }),
      })),
    },
    rows: { table: of.table, bars: worst.map((slice) => sliceRows(slice, of.columns)) },
  }
}

function table(slices: readonly Slice[], all: number, metric: string, error: number): ReportBlock {
  const row = (slice: Slice): BlockCell[] => [
    slice.label,
    slice.small ? { text: `${formatInteger(slice.rows)}, too few`, tone: 'stale' } : slice.rows,
    formatPercent(slice.shareOfErrors),
    slice.errorRate,
    formatPercent(slice.shareOfData),
    {
      text: formatPercent(slice.room, 1),
      ...((slice.errorRate.low ?? 0) > error && !slice.small && { tone: 'bad' as const }),
    },
    slice.metric,
  ]
  return {
    block: 'table',
    title: 'Slices, worst first',
    columns: [
      'Slice',
      'Rows',
      'Share of errors',
      'Share misclassified',
      'Share of data',
      'Room for improvement',
      metric === 'mae' ? 'Mean absolute error' : 'Accuracy',
    ],
    rows: slices.slice(0, shown).map(row),
    ...(all > shown && {
      note: `The first ${shown} of ${formatInteger(all)} slices; the table at the node’s output has all`,
    }),
  }
}
