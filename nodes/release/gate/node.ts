import { z } from 'zod'
import { type CardFact, defineNode, type Problem, type Release, type ReportBlock } from '#contract'
import { figureText, limitText } from '#report/judge-limit'
import { judgeGates } from './run.ts'

const check = z.object({
  metric: z
    .string()
    .min(1)
    .meta({ title: 'Figure', description: 'Name of a figure, as roc_auc or fairness.ratio.', widget: 'metric' }),
  operator: z
    .enum(['>=', '<='])
    .default('>=')
    .meta({ title: 'Should be', description: 'At least or at most the limit.' }),
  limit: z
    .number()
    .meta({ title: 'Limit', description: 'The figure itself decides; its interval is reported beside it.' }),
  label: z
    .string()
    .default('')
    .meta({ title: 'Called', description: 'How the report names it; empty takes the figure’s own label.' }),
})

function gateBlocks({ verdict, sentence, checks }: Release): ReportBlock[] {
  const failed = checks.filter((one) => one.verdict === 'fail')
  return [
    {
      block: 'verdict',
      verdict,
      title: sentence,
      text: (failed.length > 0 ? failed : checks).map(({ reason }) => reason).join(' '),
    },
    {
      block: 'table',
      title: 'Gates',
      columns: ['Gate', 'Figure', 'Needs', 'Verdict', 'Why'],
      rows: checks.map((one) => [
        one.label,
        one.estimate,
        `${one.operator === '>=' ? '≥' : '≤'} ${limitText(one.limit)}`,
        { text: one.verdict === 'pass' ? '✓ holds' : '✕ fails', tone: one.verdict === 'pass' ? 'ok' : 'bad' },
        one.reason,
      ]),
    },
  ]
}

function gateCard({ verdict, checks }: Release): CardFact {
  const failed = checks.filter((one) => one.verdict === 'fail')
  if (verdict === 'pass') return { text: `**${checks.length} of ${checks.length}** gates hold`, tone: 'ok' }
  const [first] = failed
  const value = first!.estimate.value === null ? 'no value' : figureText(first!.estimate.value, first!.limit)
  return {
    text: `**${failed.length} of ${checks.length}** gates fail: ${first!.label} ${value}, needs ${first!.operator === '>=' ? 'at least' : 'at most'} ${limitText(first!.limit)}`,
    tone: 'bad',
  }
}

export default defineNode({
  type: 'release/gate',
  version: 1,
  title: 'Gate',
  doc: `Holds a release back until every named figure keeps its limit. Each check names a figure of any evaluation wired here (accuracy, an impact ratio, the error of a slice), a direction and a limit; all must hold, else the verdict is "not ready" and whatever acts on the world behind this gate is skipped.

The point estimate decides. Where the 95 % interval has the limit inside it, the reason says so, because more people could turn the verdict. A figure without a value never holds. Where several evaluations have a figure of the same name, as an audit of the data and one of the decisions, the worst of them counts. All evaluations must be of one model; those of the data alone have none.`,
  keywords: ['threshold', 'check', 'release', 'quality', 'verdict', 'assertion', 'limit'],
  traits: ['gates'],
  inputs: {
    evaluation: { type: 'evaluation', doc: 'Evaluations whose figures the checks name.', many: true },
    model: { type: 'model', doc: 'The model to release; the evaluations must be of it.', optional: true },
  },
  outputs: { release: { type: 'release', doc: 'The verdict with each check, its figure and its reason.' } },
  params: z.object({
    checks: z
      .array(check)
      .min(1)
      .default([{ metric: 'fairness.ratio', operator: '>=', limit: 0.8, label: '' }])
      .meta({ title: 'Checks', description: 'All of them must hold.', widget: 'rows' }),
  }),
  async infer({ params }) {
    const seen = new Set<string>()
    const problems: Problem[] = []
    params.checks.forEach(({ metric, operator }, index) => {
      const key = `${metric} ${operator}`
      if (seen.has(key))
        problems.push({
          code: 'parameter-bad',
          message: `The figure "${metric}" is checked twice in the same direction.`,
          path: ['params', 'checks', index],
          fix: 'Keep the stricter of the two limits',
        })
      seen.add(key)
    })
    return problems.length > 0 ? problems : { release: {} }
  },
  async run({ inputs, hashes, params, context }) {
    const release = judgeGates(inputs.evaluation, params.checks, hashes.model)
    context.progress(1)
    return { release }
  },
  card: ({ outputs }) => gateCard(outputs.release),
  report: async ({ outputs }) => gateBlocks(outputs.release),
})
