import type { BlockCell, Evaluation, Metric, ReportBlock } from '#contract'
import { formatCount } from '#report/format-number'
import { explanationBlocks } from '../../fairness/report/explanation-blocks.ts'
import { findingSentence, isBelow, worstFinding } from '../../fairness/report/findings.ts'
import { faresBlocks } from '../../fairness/report/group-blocks.ts'
import { performanceBlocks } from '../../fairness/report/performance-blocks.ts'
import { wordingFor } from '../../fairness/report/wording.ts'
import { benchmarkReport } from '../../optimise/benchmark-model/report.ts'
import type { CardMaterial } from './model-card.ts'

/** What was measured, section by section; of what is missing it says so. */
export function figureBlocks(a: CardMaterial): ReportBlock[] {
  const of = (subject: Evaluation['subject']) => a.evaluations.filter((one) => one.subject === subject)
  const others = a.evaluations.filter(({ subject, benchmark }) => !own.has(subject) && !benchmark)
  return [
    ...qualityBlocks(of('performance'), a),
    ...sliceBlocks(of('slices')),
    ...fairnessBlocks(of('fairness'), a),
    ...a.explanations.flatMap((explanation) => explanationBlocks({ ...explanation, people: [] }, a.model)),
    ...of('benchmark').flatMap(benchmarkReport),
    ...otherBlocks(others),
  ]
}

const own: ReadonlySet<Evaluation['subject']> = new Set(['performance', 'slices', 'fairness'])

/** Figures of the evaluations; those the learner gave where none was wired. */
function qualityBlocks(evaluations: readonly Evaluation[], { model }: CardMaterial): readonly ReportBlock[] {
  if (evaluations.length > 0) return performanceBlocks(evaluations)
  const heading: ReportBlock = { block: 'heading', text: 'How well it decides' }
  if (model.metrics.length === 0) return [heading, { block: 'text', text: 'Nothing was measured.', tone: 'stale' }]
  return [
    heading,
    { block: 'text', tone: 'stale', text: 'No evaluation was wired: these are the learner’s own figures.' },
    figureTable(model.metrics.map((metric) => [metric, 'as trained'])),
  ]
}

function sliceBlocks(evaluations: readonly Evaluation[]): readonly ReportBlock[] {
  if (evaluations.length === 0)
    return [
      { block: 'heading', text: 'Where it goes wrong most' },
      { block: 'text', tone: 'stale', text: 'Nobody looked for groups of rows in which it does worse.' },
    ]
  return evaluations.flatMap((evaluation) => [...performanceBlocks([evaluation]), ...beyondChance(evaluation)])
}

/** What the search over all slices found, in a sentence. */
function beyondChance({ metrics, slices }: Evaluation): ReportBlock[] {
  const tried = metrics.find(({ name }) => name === 'slices.beyond_chance')?.n ?? 0
  if (tried === 0) return []
  const found = (slices?.slices ?? []).filter(({ chance }) => chance !== undefined)
  const worst = [...found].sort((a, b) => b.room - a.room).slice(0, 3)
  const named = found.length === 0 ? '' : `: ${worst.map(({ label }) => label).join('; ')}`
  const rest = found.length > worst.length ? ' and others' : ''
  return [
    {
      block: 'text',
      text: `Of ${formatCount(tried, 'slice')} that were tried, ${found.length === 0 ? 'none is' : found.length === 1 ? 'one is' : `${found.length} are`} worse than the rest beyond chance${named}${rest}.`,
      ...(found.length > 0 && { tone: 'bad' as const }),
    },
  ]
}

function fairnessBlocks(evaluations: readonly Evaluation[], { model }: CardMaterial): readonly ReportBlock[] {
  const audits = evaluations.flatMap(({ fairness }) => (fairness ? [fairness] : []))
  if (audits.length === 0)
    return [
      { block: 'heading', text: 'How each group fares' },
      {
        block: 'text',
        tone: 'stale',
        text:
          model.protected.length === 0
            ? 'No column is protected, so groups were not compared.'
            : 'No audit was wired, so groups were not compared.',
      },
    ]
  return audits.flatMap((fairness) => {
    const words = wordingFor(fairness, model, '', [])
    const [heading, ...tables] = faresBlocks(fairness, words)
    const worst = worstFinding(fairness)
    const below = worst && isBelow(worst.group, fairness.ratioLimit)
    const tone = below ? { tone: worst.group.small ? ('stale' as const) : ('bad' as const) } : {}
    const finding: ReportBlock[] = worst
      ? [{ block: 'text', text: findingSentence(worst, fairness, words), ...tone }]
      : []
    return [heading!, ...finding, ...tables]
  })
}

function otherBlocks(evaluations: readonly Evaluation[]): ReportBlock[] {
  const figures = evaluations.flatMap(({ metrics, split, rows }) =>
    metrics.map((metric) => [metric, `${formatCount(rows, 'row')} of ${split}`] as const),
  )
  if (figures.length === 0) return []
  return [{ block: 'heading', text: 'Other figures' }, figureTable(figures)]
}

const figureTable = (figures: readonly (readonly [Metric, string])[]): ReportBlock => ({
  block: 'table',
  columns: ['Figure', 'Value', 'Judged on'],
  rows: figures.map(([metric, from]): BlockCell[] => [metric.label, estimateOf(metric), from]),
})

function estimateOf({ value, low, high, n }: Metric): BlockCell {
  return {
    value,
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    ...(n !== undefined && { n }),
  }
}
