import { z } from 'zod'
import { defineNode } from '#contract'
import { judgeReviews } from './run.ts'

const tones = { pass: 'ok', fail: 'bad', wait: 'stale' } as const
const signs = { pass: '✓ approved', fail: '✕ rejected', wait: '◐ waiting' } as const

export default defineNode({
  type: 'release/review',
  version: 1,
  title: 'Review',
  doc: `Waits until the required reviewers have approved what was evaluated. Until then its verdict is "wait": whatever acts on the world behind it is skipped and the run ends with exit code 4. Import the review file that the offline report saved, in the Reviews room or with \`plumbline review FILE\`, and run again.

A review counts when it names one of the evaluations wired here, by hash, and the same model: after a change of data or model the old reviews are of something else. The decisions belong to the step's cache key, so a new review makes it run again and nothing before it.

What each reviewer said last counts. One rejection fails it. Each role in the list needs one approval; without a list one approval of anybody is enough.`,
  keywords: ['approval', 'expert', 'sme', 'sign-off', 'wait', 'human', 'gate'],
  traits: ['gates'],
  reviewed: true,
  inputs: {
    evaluation: { type: 'evaluation', doc: 'What was judged, as wired to the report that reviewers read.', many: true },
    model: { type: 'model', doc: 'The model under review.', optional: true },
    release: { type: 'release', doc: 'Gates that come first.', optional: true, many: true },
  },
  outputs: { release: { type: 'release', doc: 'Pass, wait or fail, with who said what.' } },
  params: z.object({
    roles: z
      .array(z.string().min(1).max(100))
      .max(20)
      .default([])
      .meta({ title: 'Roles', description: 'Each must approve once; empty asks for one approval of anybody.' }),
    conditions: z
      .enum(['accept', 'wait'])
      .default('accept')
      .meta({ title: 'Approval with conditions', description: 'Counts as an approval, or goes on waiting.' }),
  }),
  async infer() {
    return { release: {} }
  },
  async run({ inputs, hashes, params, context }) {
    const evaluations = inputs.evaluation.map((value, index) => ({ value, hash: hashes.evaluation[index]! }))
    const judged = { evaluations, model: hashes.model, releases: inputs.release ?? [] }
    const release = judgeReviews(judged, params, context.reviews)
    context.progress(1)
    return { release }
  },
  card: ({ outputs: { release } }) => ({ text: release.sentence, tone: tones[release.verdict] }),
  async report({ outputs: { release } }) {
    return [
      {
        block: 'verdict',
        verdict: release.verdict,
        title: release.sentence,
        text: release.checks.map(({ reason }) => reason).join(' '),
      },
      {
        block: 'table',
        title: 'Who said what',
        columns: ['Check', 'Verdict', 'Why'],
        rows: release.checks.map(({ label, verdict, reason }) => [
          label,
          { text: signs[verdict], tone: tones[verdict] },
          reason,
        ]),
      },
    ]
  },
})
