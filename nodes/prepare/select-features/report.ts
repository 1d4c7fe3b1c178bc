import type { BlockCell, CardFact, Evaluation, ReportBlock, Selection } from '#contract'
import { formatCount, formatInteger, formatNumber } from '#report/format-number'

export function selectionCard({ selection }: Evaluation): CardFact {
  const { kept, discarded, steps } = selection!
  const returned = kept.filter(({ spared }) => spared && spared.by.length > 0).length
  return {
    text: `**${formatInteger(kept.length)}** of ${formatCount(kept.length + discarded.length, 'feature')} kept${returned > 0 ? `, ${returned} by reviewers` : ''}`,
    picture: { type: 'bars', values: [...steps.map(({ before }) => before), kept.length] },
  }
}

export function selectionReport({ selection, rows }: Evaluation): readonly ReportBlock[] {
  const { kept, discarded, target } = selection!
  const all = kept.length + discarded.length
  return [
    {
      block: 'heading',
      text: `${formatInteger(kept.length)} of ${formatCount(all, 'feature')} kept for ${target}`,
      note: `Judged on ${formatCount(rows, 'training row')}; what was discarded stays in the table with the role label`,
    },
    ...funnelChart(selection!),
    ...discardedTable(selection!),
    ...sparedTable(selection!),
    keptTable(selection!),
  ]
}

/** Features a table of the result shows; the table at the node's output has all. */
const shown = 200
const shownNote = (count: number) =>
  count > shown ? `The first ${shown} of ${formatInteger(count)}; the table at the node’s output has all` : ''

function funnelChart({ steps, kept }: Selection): ReportBlock[] {
  if (steps.length === 0) return []
  const bars = steps.map(({ step, before, discarded }) => ({
    label: step,
    estimate: { value: before - discarded },
    note: discarded === 0 ? 'none discarded' : `${formatInteger(discarded)} discarded`,
  }))
  return [
    {
      block: 'chart',
      title: 'Features left after each step',
      note: `${formatInteger(steps[0]!.before)} came in, ${formatInteger(kept.length)} went out`,
      chart: { type: 'bars', format: 'number', rows: bars },
    },
  ]
}

function discardedTable({ discarded }: Selection): ReportBlock[] {
  if (discarded.length === 0) return [{ block: 'text', text: 'No step found anything to discard.' }]
  const asked = discarded.some((one) => one.asked)
  return [
    {
      block: 'table',
      title: 'Discarded',
      note: [
        'The fairness report asks reviewers about these; one they want to keep comes back on the next run',
        shownNote(discarded.length),
      ]
        .filter(Boolean)
        .join('. '),
      columns: ['Feature', 'Step', 'Why', 'Number', 'Stays instead', ...(asked ? ['Asked about by'] : [])],
      rows: discarded
        .slice(0, shown)
        .map((one): BlockCell[] => [
          one.feature,
          one.step,
          one.reason,
          one.value === null ? '' : formatNumber(one.value),
          one.twin ?? '',
          ...(asked ? [one.asked?.join(', ') ?? ''] : []),
        ]),
    },
  ]
}

function sparedTable({ kept }: Selection): ReportBlock[] {
  const rows = kept.flatMap(({ feature, spared }): BlockCell[][] =>
    spared ? [[feature, spared.by.length > 0 ? spared.by.join(', ') : 'Always keep', spared.step, spared.reason]] : [],
  )
  if (rows.length === 0) return []
  return [
    { block: 'table', title: 'Kept all the same', columns: ['Feature', 'Wanted by', 'Step', 'Why it would go'], rows },
  ]
}

function keptTable({ kept, scoreLabel }: Selection): ReportBlock {
  const scored = kept.some(({ score }) => score !== null)
  const ordered = scored && scoreLabel !== 'Rank' ? [...kept].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)) : kept
  return {
    block: 'table',
    title: 'Kept',
    ...(kept.length > shown && { note: shownNote(kept.length) }),
    columns: ['Feature', ...(scored ? [scoreLabel] : [])],
    rows: ordered
      .slice(0, shown)
      .map(({ feature, score }): BlockCell[] => [
        feature,
        ...(scored ? [score === null ? '' : formatNumber(score)] : []),
      ]),
  }
}
