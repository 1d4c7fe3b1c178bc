import type { Evaluation, Metric, ReportBlock } from '#contract'

/** Figures of quality beside those of what the model is measured against. */
function qualityBlocks(evaluation: Evaluation): readonly ReportBlock[] {
  const performance = evaluation.performance
  if (!performance || evaluation.metrics.length === 0) return []
  const others = performance.against
  const named = (metrics: readonly Metric[], name: string) => metrics.find((metric) => metric.name === name)
  return [
    { block: 'heading', text: 'How well it decides' },
    {
      block: 'table',
      columns: ['Figure', 'This model', ...others.map((other) => other.title)],
      rows: evaluation.metrics.map((metric) => [
        metric.label,
        estimate(metric),
        ...others.map((other) => {
          const match = named(other.metrics, metric.name)
          return match ? estimate(match) : null
        }),
      ]),
    },
  ]
}

function estimate(metric: Metric) {
  return {
    value: metric.value,
    ...(metric.low === undefined ? {} : { low: metric.low }),
    ...(metric.high === undefined ? {} : { high: metric.high }),
  }
}

const shownSlices = 6

function sliceBlocks(evaluation: Evaluation): readonly ReportBlock[] {
  const slices = evaluation.slices?.slices ?? []
  if (slices.length === 0) return []
  const worst = [...slices].sort((a, b) => b.room - a.room).slice(0, shownSlices)
  return [
    { block: 'heading', text: 'Where it goes wrong most' },
    {
      block: 'table',
      columns: [
        'Who',
        'People',
        'Share of all errors',
        'Wrong among them',
        'Share of all people',
        'Room to gain',
        'Remark',
      ],
      rows: worst.map((slice) => [
        slice.label,
        slice.rows,
        slice.shareOfErrors,
        slice.errorRate,
        slice.shareOfData,
        slice.room,
        slice.small ? { text: 'too few to be sure', tone: 'stale' as const } : '',
      ]),
      note: 'Room to gain: how much overall accuracy would rise if these people were judged as well as the rest.',
    },
  ]
}

/** Sections of the evaluations that are not audits, in the order of their wires. */
export function performanceBlocks(evaluations: readonly Evaluation[]): readonly ReportBlock[] {
  return evaluations.flatMap((evaluation) => {
    if (evaluation.subject === 'performance') return qualityBlocks(evaluation)
    return evaluation.subject === 'slices' ? sliceBlocks(evaluation) : []
  })
}
