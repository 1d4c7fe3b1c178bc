import { z } from 'zod'
import { defineNode, ProblemError } from '#contract'
import { modelName, modelSchema, needPredictor, purposeProblems } from '../release-model.ts'
import { modelCard } from './model-card.ts'

const reviewer = z.object({
  stage: z
    .enum(['development', 'acceptance', 'production'])
    .default('production')
    .meta({ title: 'Before', description: 'The stage that needs this approval.' }),
  role: z.string().min(1).max(100).meta({ title: 'Role', description: 'As reviewers name themselves in a review.' }),
})
const labels = z.array(z.string().min(1).max(60)).max(20).default([])

export default defineNode({
  type: 'release/register',
  version: 1,
  title: 'Register model',
  doc: `Enters a model in the project's registry under a name, with a version number, tags, aliases, a stage and its model card. The same model under the same name is always the same version, so running again changes tags and card and never the stage.

The stages are development, acceptance and production. A version enters production through release/deploy or by a person (\`plumbline models promote\`, the Models room). Roles required for a stage must have approved this very model in an imported review, or the step that wants to enter the stage fails and says who is missing.

A schema at its input travels with the version: a served row with a value outside its domain, range or pattern is answered with 422.

The model card (Mitchell et al., *Model Cards for Model Reporting*, 2019) holds purpose, data, figures with intervals, fairness, limits, gates and reviewers. Every change of the registry is an entry of the audit chain.`,
  keywords: ['registry', 'version', 'stage', 'model card', 'tag', 'alias', 'production'],
  effect: true,
  inputs: {
    model: { type: 'model', doc: 'The model to register.' },
    evaluation: { type: 'evaluation', doc: 'Figures for the model card.', optional: true, many: true },
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
    description: z
      .string()
      .max(4_000)
      .default('')
      .meta({ title: 'Purpose', description: 'What the model is for and who owns it; stands on the model card.' }),
    limits: z
      .string()
      .max(4_000)
      .default('')
      .meta({ title: 'Limits', description: 'Where it must not be used; stands on the model card.' }),
    tags: labels.meta({ title: 'Tags', description: 'Words to find it by.' }),
    aliases: labels.meta({ title: 'Aliases', description: 'Names that point at this version, as champion.' }),
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
    const { model, evaluation = [], release = [] } = inputs
    needPredictor(model)
    const of = [...evaluation, ...release].map((value) => value.model).filter((hash) => hash !== undefined)
    if (of.some((hash) => hash !== hashes.model))
      throw new ProblemError({
        code: 'not-supported',
        message: 'An evaluation or release at the inputs is of another model than the one to register.',
        path: ['inputs', 'model'],
        fix: 'Wire the model that was evaluated',
      })
    const { name, stage, description, tags, aliases, reviewers } = params
    const judged = evaluation.flatMap(({ metrics }) => metrics)
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
      releases: release,
    })
    context.progress(1)
    return { model, card }
  },
  card: ({ params }) => ({ text: `Registered as **${params.name}**`, tone: 'ok' }),
  report: async ({ outputs }) => outputs.card.blocks,
})
