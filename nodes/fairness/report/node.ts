import { z } from 'zod'
import { type CardFact, defineNode, type Hash, ProblemError, type Report } from '#contract'
import { composeReport, type Material } from './compose.ts'

const groupName = z.object({
  column: z.string().meta({ title: 'Column' }),
  group: z.string().meta({ title: 'Group' }),
  name: z.string().meta({ title: 'Called', description: '“people aged 60 and over”' }),
})

const params = z.object({
  title: z.string().max(200).default('').meta({
    title: 'Title',
    description: 'The report’s headline. Left empty, it names the target and the learner.',
    placeholder: 'from the model',
  }),
  outcome: z.string().max(60).default('').meta({
    title: 'Outcome in a word',
    description:
      'How the favourable outcome is called of a person: “approved” gives “Who is approved” and “are approved”. Left empty, the target’s name is used where it reads like that.',
    placeholder: 'approved',
  }),
  audience: z.string().max(4_000).default('').meta({
    title: 'Notes for the readers',
    description: 'A paragraph under the verdict: what the model is for and what the reviewers are asked.',
  }),
  groups: z.array(groupName).max(200).default([]).meta({
    title: 'Names of groups',
    description: 'Groups in words, for sentences: column age_group, group 60+, called “people aged 60 and over”.',
    widget: 'rows',
    advanced: true,
  }),
})

/** An explanation, release or model of another model would put two models' facts on one page. */
function checkOneModel(material: Material, explained: readonly Hash[], released: Hash | undefined): void {
  const judged = material.evaluations.map(({ value }) => value.model)
  const all = [material.modelHash, released, ...explained, ...judged].filter((hash) => hash !== undefined)
  if (new Set(all).size < 2) return
  throw new ProblemError({
    code: 'not-supported',
    message:
      'The wires of the fairness report come from different models: its audit, explanation, gate and model must agree.',
    path: ['inputs', 'model'],
    fix: 'Wire the model that was audited',
  })
}

function verdictCard(report: Report): CardFact {
  const verdict = report.blocks.find((block) => block.block === 'verdict')
  const figure = verdict?.figure ? `**${verdict.figure.value}** ${verdict.figure.label}. ` : ''
  const tones = { pass: 'ok', fail: 'bad', wait: 'stale' } as const
  if (verdict) return { text: `${figure}${verdict.title}`, tone: tones[verdict.verdict] }
  const finding = report.blocks.find((block) => block.block === 'text')
  return { text: finding?.text ?? report.title, ...(finding?.tone === 'bad' ? { tone: 'bad' as const } : {}) }
}

export default defineNode({
  type: 'fairness/report',
  version: 1,
  title: 'Fairness report',
  doc: `Makes the offline report for subject-matter experts and auditors: one HTML file that opens from disk without a network, with a review form inside.

It is written from what is wired and nothing else: the verdict and its gates from a release gate, the rates by group with 95 % intervals and the line of the four-fifths rule (29 CFR 1607.4 D, Uniform Guidelines on Employee Selection Procedures, 1978) from a fairness audit, what drives the decision and one person explained from an explanation, whether groups are refused for different reasons from explain/reasons, and quality and worst slices from other evaluations. A section whose node isn't wired is absent.

The worst group is the one with the lowest ratio to its reference group among groups with enough people; the point estimate decides, and an interval that reaches over the limit is said in words. The report holds no run and no date, so it is cached; saving it as HTML adds both. The review it saves names the evaluation and the model by hash, so a review can't be filed for another model.`,
  keywords: ['html', 'review', 'audit', 'disparate impact', 'four-fifths', 'expert', 'offline'],
  inputs: {
    evaluation: { type: 'evaluation', doc: 'A fairness audit, and any other evaluation to show', many: true },
    explanation: { type: 'explanation', doc: 'What drives the decision, and one person', optional: true, many: true },
    release: { type: 'release', doc: 'The gate whose verdict heads the report', optional: true },
    model: { type: 'model', doc: 'The model that was judged, for its name and training facts', optional: true },
  },
  outputs: { report: { type: 'report', doc: 'The report, to save as one HTML file' } },
  params,
  async infer() {
    return { report: {} }
  },
  async run({ inputs, hashes, params, context }) {
    const material: Material = {
      evaluations: inputs.evaluation.map((value, i) => ({ value, hash: hashes.evaluation[i]! })),
      explanations: inputs.explanation ?? [],
      release: inputs.release,
      model: inputs.model,
      modelHash: hashes.model,
    }
    if (!material.evaluations.some(({ value }) => value.fairness))
      throw new ProblemError({
        code: 'port-missing',
        message: 'None of the evaluations wired to the fairness report is a fairness audit.',
        path: ['inputs', 'evaluation'],
        fix: 'Wire a fairness audit to evaluation',
      })
    const explained = material.explanations.map((explanation) => explanation.model)
    checkOneModel(material, explained, inputs.release?.model)
    const report = composeReport(material, params)
    context.progress(1)
    return { report }
  },
  card: ({ outputs }) => verdictCard(outputs.report),
  async report({ outputs }) {
    return outputs.report.blocks.filter((block) => block.block !== 'review')
  },
})
