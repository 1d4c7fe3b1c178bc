import { z } from 'zod'
import { defineNode, type Evaluation, type Metric, modelStages, ProblemError } from '#contract'
import { modelName, modelSchema, needPredictor, purposeProblems } from '../release-model.ts'
import { modelCard } from './model-card.ts'

const reviewer = z.object({
  stage: z
    .enum(['development', 'acceptance', 'production'])
    .default('production')
    .meta({ title: 'Before', description: 'The stage that needs this approval.' }),
  role: z.string().min(1).max(100).meta({ title: 'Role', description: 'As reviewers name themselves in a review.' }),
})
const label = z.string().min(1).max(60)
/** "production", "latest" and numbers stand for versions already: an alias of that name would serve another one. */
const isFree = (alias: string) =>
  ![...modelStages, 'latest'].includes(alias.toLowerCase()) && !/^v?\d+$/i.test(alias.trim())
const prose = z.string().max(4_000).default('')

export default defineNode({
  type: 'release/register',
  version: 1,
  title: 'Register model',
  doc: `Enters a model in the project's registry under a name, with a version number, tags, aliases, a stage and its model card. The same model under the same name is always the same version, so running again changes tags and card and never the stage.

The stages are development, acceptance and production. A version enters production through release/deploy or by a person (\`plumbline models promote\`, the Models room). Roles required for a stage must have approved this very model in an imported review, or the step that wants to enter the stage fails and says who is missing. An alias, as champion, points at one version and moves to the newest that claims it; stages, numbers and "latest" are no aliases.

A schema at its input travels with the version: a served row with a value outside its domain, range or pattern is answered with 422.

The model card (Mitchell et al., *Model Cards for Model Reporting*, 2019) tells what the model is for and who answers for it, its settings and columns, the data it learned from and was judged on, figures with intervals beside the baselines, the slices in which it does worse, how groups fare, what drives it, its speed, gates and reviewers, and the names by which the lineage finds everything again. Wire evaluations and explanations for it; what is missing it says. \`plumbline models card NAME\` and the Models room save it as one HTML file. Every change of the registry is an entry of the audit chain.`,
  keywords: ['registry', 'version', 'stage', 'model card', 'tag', 'alias', 'production'],
  effect: true,
  inputs: {
    model: { type: 'model', doc: 'The model to register.' },
    evaluation: {
      type: 'evaluation',
      doc: 'Figures for the model card: quality, slices, fairness, speed.',
      optional: true,
      many: true,
    },
    explanation: { type: 'explanation', doc: 'What drives it, for the model card.', optional: true, many: true },
    schema: { type: 'schema', doc: 'The data contract that rows to be scored have to keep.', optional: true },
    release: { type: 'release', doc: 'Gates and reviews that must pass first.', optional: true, many: true },
  },
  outputs: {
    model: { type: 'model', doc: 'The same model, for what acts on it once it is registered.' },
    card: { type: 'report', doc: 'The model card.' },
  },
  params: z.object({
    name: z
      .string()
      .regex(modelName, 'use small letters, digits, dots, dashes and underscores')
      .max(80)
      .default('model')
      .meta({ title: 'Name', description: 'What it is served as: loan-approvals.', placeholder: 'loan-approvals' }),
    stage: z
      .enum(['development', 'acceptance'])
      .default('development')
      .meta({ title: 'Stage', description: 'Where a new version starts.' }),
    description: prose.meta({
      title: 'Purpose',
      description: 'What the model is for; stands on the model card.',
      widget: 'prose',
    }),
    users: prose.meta({
      title: 'Users',
      description: 'Who uses it and how, as a person who has the last word; stands on the model card.',
      widget: 'prose',
    }),
    limits: prose.meta({
      title: 'Limits',
      description: 'Where it must not be used and what could go wrong; stands on the model card.',
      widget: 'prose',
    }),
    owner: z.string().max(200).default('').meta({
      title: 'Owner',
      description: 'Who answers for it and takes questions; stands on the model card.',
      placeholder: 'Credit risk, risk@example.org',
    }),
    data: prose.meta({
      title: 'Data',
      description: 'Where the data come from, and whom they leave out; stands on the model card.',
      widget: 'prose',
    }),
    tags: z.array(label).max(20).default([]).meta({ title: 'Tags', description: 'Words to find it by.' }),
    aliases: z
      .array(label.refine(isFree, 'stages, numbers and "latest" name versions already; use another word'))
      .max(20)
      .default([])
      .meta({ title: 'Aliases', description: 'Names that point at this version, as champion.' }),
    reviewers: z
      .array(reviewer)
      .max(20)
      .default([])
      .meta({ title: 'Required reviewers', description: 'Who approves before a stage.', widget: 'rows' }),
  }),
  async infer({ inputs }) {
    const problems = purposeProblems(inputs.model)
    return problems.length > 0 ? problems : { model: modelSchema(inputs.model), card: {} }
  },
  async run({ inputs, hashes, params, context }) {
    const { model, evaluation = [], explanation = [], release = [] } = inputs
    needPredictor(model)
    const of = [...evaluation, ...explanation, ...release]
      .map((value) => value.model)
      .filter((hash) => hash !== undefined)
    if (of.some((hash) => hash !== hashes.model))
      throw new ProblemError({
        code: 'not-supported',
        message: 'An evaluation, explanation or release at the inputs is of another model than the one to register.',
        path: ['inputs', 'model'],
        fix: 'Wire the model that was evaluated',
      })
    const { name, stage, description, tags, aliases, reviewers } = params
    const judged = headlinesFirst(evaluation)
    context.registry.ask({
      type: 'register',
      name,
      model: hashes.model!,
      description,
      stage,
      tags,
      aliases,
      reviewers,
      metrics: judged.length > 0 ? judged : model.metrics,
      ...(hashes.schema && { schema: hashes.schema }),
      card: 'card',
    })
    const card = modelCard({
      ...params,
      model,
      modelHash: hashes.model!,
      evaluations: evaluation,
      explanations: explanation,
      releases: release,
      schemaHash: hashes.schema,
    })
    context.progress(1)
    return { model, card }
  },
  card: ({ params }) => ({ text: `Registered as **${params.name}**`, tone: 'ok' }),
  report: async ({ outputs }) => outputs.card.blocks,
})

const order: readonly Evaluation['subject'][] = [
  'performance',
  'fairness',
  'slices',
  'benchmark',
  'reasons',
  'selection',
]

/** The first figure of each evaluation, quality before fairness, then all others: lists show only a few. */
function headlinesFirst(evaluations: readonly Evaluation[]): readonly Metric[] {
  const sorted = evaluations.toSorted((a, b) => order.indexOf(a.subject) - order.indexOf(b.subject))
  return [...sorted.flatMap(({ metrics }) => metrics.slice(0, 1)), ...sorted.flatMap(({ metrics }) => metrics.slice(1))]
}
