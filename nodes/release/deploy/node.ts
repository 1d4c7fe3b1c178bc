import { z } from 'zod'
import { type Column, defineNode, type FallbackRule, type Model, type Problem, ProblemError } from '#contract'
import { bindRule } from '#ml/baseline/bind-rule'
import { parseRule } from '#ml/baseline/parse-rule'
import { modelName, modelSchema, needPredictor, purposeProblems } from '../release-model.ts'
import { automationParams, automationProblems, settleAutomation } from './automation.ts'
import { putReasonBasis } from './reason-basis.ts'
import { rolloutOf, rolloutParams, rolloutSentence } from './rollout.ts'

/** What is wrong with the rule, against the model's columns where they are known. */
function ruleProblems(
  source: string,
  columns: readonly Column[] | undefined,
  parameter: 'rule' | 'people' = 'rule',
): readonly Problem[] {
  if (source.trim() === '') return []
  const parsed = parseRule(source)
  const path = ['params', parameter]
  if (!parsed.rule)
    return [
      {
        code: 'parameter-bad',
        message: `The rule can not be read at character ${parsed.position + 1}: ${parsed.error}.`,
        path,
        fix: 'Write comparisons joined with and, or, as income > 30000 and debt_ratio <= 0.4',
      },
    ]
  const { complaints } = columns ? bindRule(parsed.rule, columns) : { complaints: [] }
  return complaints.map(({ kind, message, fix }) => ({
    code: kind === 'unknown' ? 'column-unknown' : 'column-type',
    message,
    path,
    fix,
  }))
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemError(problems)
}

/** The rule with its two answers; classes stand in where none are given. */
function fallbackOf(
  { rule, holds, otherwise }: { rule: string; holds: string; otherwise: string },
  model: Model,
): FallbackRule | undefined {
  if (rule.trim() === '') return undefined
  const problems = ruleProblems(rule, model.features)
  if (problems.length > 0) throw new ProblemError(problems)
  const { positive = model.classes?.[1] ?? '', classes = [] } = model
  const other = classes.length === 2 ? classes.find((name) => name !== positive)! : ''
  const answers = { holds: holds || positive, otherwise: otherwise || other }
  for (const [name, answer] of Object.entries(answers)) {
    const possible =
      model.purpose === 'regression' ? answer !== '' && Number.isFinite(Number(answer)) : classes.includes(answer)
    if (!possible)
      throw new ProblemError({
        code: 'parameter-bad',
        message: `The answer "${answer}" of the fallback rule is none the model could give.`,
        path: ['params', name],
        fix: model.purpose === 'regression' ? 'Write a number' : `Write one of ${classes.slice(0, 12).join(', ')}`,
      })
  }
  return { rule, ...answers }
}

const answer = z.string().max(200).default('')

export default defineNode({
  type: 'release/deploy',
  version: 1,
  title: 'Deploy model',
  doc: `Puts a registered model into production, where \`plumbline serve NAME@production\` answers with it, writes it as a container folder, or as a batch that scores files. A server that is running loads the new version first and then switches, so no request fails.

**Server**: the version becomes the one in production and the one before it is retired; \`plumbline models rollback NAME\` brings that one back in under a second. A version that was rolled back is not deployed again by a run: a person has to promote it.

**Rollout**: while another version is in production, a new one need not replace it at once. *Shadow*: it scores the same rows out of the way of those who ask; agreement, differences of scores, their stability index and Kolmogorov-Smirnov distance are told. *Canary*: it answers a growing share of people; errors, answers of the fallback rule, time to answer, decisions, protected groups and outcomes are guarded by confidence sequences (Robbins 1970, Annals of Mathematical Statistics 41:1397; Howard, Ramdas, McAuliffe & Sekhon 2021, Annals of Statistics 49:1055), so it may be judged at any time and is aborted without cause with a chance of 5 % at most; after the last step it is promoted. *Blue-green*: both are loaded and checked, then all switch at once. *A/B*: fixed shares, compared by the mixture sequential probability ratio test (Johari, Koomen, Pekelis & Walsh 2022, Operations Research 70:1806). *Bandits* follow the outcomes: Thompson sampling (Thompson 1933; Scott 2010), UCB1 and UCB1-tuned (Auer, Cesa-Bianchi & Fischer 2002, Machine Learning 47:235). The same person always gets the same version, by a key column or by all values of the row. A version that answers people, be it few, needs the approval of the reviewers whom production requires. A rollout that was aborted is not begun again by a run.

**Container**: a folder with a Dockerfile, model.onnx, model.json and the serving code; it answers the same requests without a registry. Reasons need something to compare with: means of the training rows for linear models, the trees themselves, the mean picture; of models without weights or trees on columns 32 training rows go into the folder, unless reasons are left out.

**Batch**: a definition in the folder batches, which \`plumbline batch NAME\` runs, by hand or from cron: it scores the files that are there with this very version, in pieces, and goes on where it was interrupted. Rows that break the schema go to a file of their own, and no rule ever answers in place of the model.

**Automation** says what a model decides that is served or scores a batch: nothing (people only, or people first, who then see its answer and may revise), with people (its suggestion and reasons before them), where it is sure (scores outside a band go by themselves, the rest to people; Chow 1970, "On optimum recognition error and reject tradeoff"), unless vetoed in time, or everything. Rows that a rule names, new values and a share drawn at random can go to people at any level. They wait in a queue, which people work through in the room Queue or with \`plumbline queue\`, and what they decide can be learned from.

The fallback rule answers while the process of the model does not, in the rule language of train/baseline: comparisons joined by and, or. Its answers say that a rule gave them.`,
  keywords: [
    'serve',
    'server',
    'production',
    'docker',
    'container',
    'fallback',
    'rollback',
    'release',
    'batch',
    'human',
    'queue',
    'automation',
  ],
  effect: true,
  inputs: {
    model: { type: 'model', doc: 'A registered model: wire it from release/register.' },
    release: { type: 'release', doc: 'Gates and reviews that must pass first.', optional: true, many: true },
  },
  outputs: { model: { type: 'model', doc: 'The same model.' } },
  params: z.object({
    mode: z.enum(['server', 'container', 'batch']).default('server').meta({
      title: 'Mode',
      description: 'Serve on this machine, write a folder that builds a container, or score files.',
    }),
    name: z
      .string()
      .regex(/^$|^[a-z0-9][a-z0-9._-]*$/, 'use small letters, digits, dots, dashes and underscores')
      .max(80)
      .default('')
      .meta({
        title: 'Name',
        description: 'Its name in the registry; needed only where it has several.',
        advanced: true,
      }),
    folder: z
      .string()
      .max(400)
      .default('serving')
      .meta({ title: 'Folder', description: 'Inside the project.', when: { mode: ['container'] } }),
    reasons: z
      .boolean()
      .default(true)
      .meta({
        title: 'Reasons',
        description:
          'Takes along what reasons compare with: means and trees, and 32 training rows where the model has neither.',
        when: { mode: ['container'] },
      }),
    job: z
      .string()
      .regex(/^$|^[a-z0-9][a-z0-9._-]*$/, 'use small letters, digits, dots, dashes and underscores')
      .max(80)
      .default('')
      .meta({ title: 'Batch', description: 'Its name; that of the model when empty.', when: { mode: ['batch'] } }),
    input: z
      .string()
      .max(400)
      .default('data/*.csv')
      .meta({
        title: 'Files to score',
        description: 'A path or pattern inside the project.',
        when: { mode: ['batch'] },
      }),
    output: z
      .string()
      .max(400)
      .default('scored.parquet')
      .meta({ title: 'Scored file', description: 'Parquet or CSV, by its name.', when: { mode: ['batch'] } }),
    explain: z
      .boolean()
      .default(false)
      .meta({ title: 'Write reasons', description: 'The four strongest of each row.', when: { mode: ['batch'] } }),
    ...automationParams,
    ...rolloutParams,
    rule: z.string().max(4_000).default('').meta({
      title: 'Fallback rule',
      description: 'Answers while the model does not: income > 30000 and debt_ratio <= 0.4. Empty for none.',
      widget: 'code',
    }),
    holds: answer.meta({
      title: 'Answer where it holds',
      description: 'A class or a number; empty takes the positive class.',
      advanced: true,
    }),
    otherwise: answer.meta({
      title: 'Answer where it does not',
      description: 'A class or a number; empty takes the other class.',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const { features, purpose } = inputs.model
    const problems = [
      ...purposeProblems(inputs.model),
      ...ruleProblems(params.rule, features),
      ...(params.mode !== 'container'
        ? [...ruleProblems(params.people, features, 'people'), ...automationProblems(params, purpose)]
        : []),
    ]
    return problems.length > 0 ? problems : { model: modelSchema(inputs.model) }
  },
  async run({ inputs, hashes, params, context }) {
    const { model } = inputs
    needPredictor(model)
    const fallback = fallbackOf(params, model)
    const common = {
      model: hashes.model!,
      ...(modelName.test(params.name) && { name: params.name }),
      ...(fallback && { fallback }),
    }
    if (params.mode !== 'container') {
      refuse(ruleProblems(params.people, model.features, 'people'))
      refuse(automationProblems(params, model.purpose))
    }
    if (params.mode === 'server') {
      const settled = await settleAutomation(params, model, context)
      const rollout = rolloutOf(params, model, context.seed)
      const more = { ...(settled && { automation: settled.automation }), ...(rollout && { rollout }) }
      context.registry.ask({ type: 'serve', ...common, ...more })
    } else if (params.mode === 'batch') {
      const { job, input, output, explain: reasons } = params
      const { fallback: _, ...order } = common
      const settled = await settleAutomation(params, model, context)
      const more = { ...(job !== '' && { job }), ...(settled && { automation: settled.automation }) }
      context.registry.ask({ type: 'batch', ...order, ...more, input, output, reasons })
    } else {
      const reasons = params.reasons ? await putReasonBasis(model, context) : undefined
      context.registry.ask({ type: 'container', folder: params.folder, ...common, ...(reasons && { reasons }) })
    }
    context.progress(1)
    return { model }
  },
  card: ({ params }) => ({
    text: {
      server: 'In **production**',
      container: `Written to **${params.folder}**`,
      batch: `Scores **${params.input}**`,
    }[params.mode],
    tone: 'ok',
  }),
  async report({ params, inputs, context }) {
    const { mode, input, output, job, folder } = params
    const settled = mode === 'container' ? undefined : await settleAutomation(params, inputs.model, context)
    const people = (settled?.words ?? []).map((text) => ({ block: 'text' as const, text }))
    if (mode === 'batch') {
      const name = job === '' ? 'NAME' : job
      return [{ block: 'text', text: `"plumbline batch ${name}" scores ${input} into ${output}.` }, ...people]
    }
    const fallback = fallbackOf(params, inputs.model)
    return [
      {
        block: 'text',
        text:
          mode === 'server'
            ? 'This model is in production. A server started with "plumbline serve NAME@production" answers with it.'
            : `The container folder is ${folder}: build it with "docker build".`,
      },
      {
        block: 'text',
        text: fallback
          ? `While the model does not answer: ${fallback.holds} where ${fallback.rule}, else ${fallback.otherwise}.`
          : 'There is no fallback rule: while the model does not answer, requests are refused with 503.',
        ...(fallback ? {} : { tone: 'stale' as const }),
      },
      ...people,
      ...(mode === 'server' && params.rollout !== 'none'
        ? [{ block: 'text' as const, text: rolloutSentence(params.rollout) }]
        : []),
    ]
  },
})
