import type {
  BlockCell,
  Evaluation,
  Explanation,
  Hash,
  Model,
  Release,
  Report,
  ReportBlock,
  RequiredReviewer,
} from '#contract'
import { learnerName } from '../../fairness/report/wording.ts'
import { figureBlocks } from './card-figures.ts'
import { dataBlocks, modelBlocks, originBlocks } from './card-origin.ts'

export interface CardMaterial {
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly users: string
  readonly data: string
  readonly limits: string
  readonly model: Model
  readonly modelHash: Hash
  readonly evaluations: readonly Evaluation[]
  readonly explanations: readonly Explanation[]
  readonly releases: readonly Release[]
  readonly reviewers: readonly RequiredReviewer[]
  /** The data contract that rows to be scored have to keep. */
  readonly schemaHash: Hash | undefined
}

const tasks: Readonly<Record<Model['purpose'], string>> = {
  preparation: 'nothing',
  binary: 'one of two classes',
  multiclass: 'one of several classes',
  regression: 'a number',
}

/**
 * The model card: what it is for, the model, its data, figures with intervals, slices, groups, what drives it, checks and where it
 * comes from (sections of Mitchell et al. 2019, doi 10.1145/3287560.3287596). What nobody wrote or measured is said to be missing.
 */
export function modelCard(a: CardMaterial): Report {
  const { model } = a
  return {
    kind: 'report',
    title: `Model card: ${a.name}`,
    subtitle: `Predicts ${model.target ?? 'the target'}, ${tasks[model.purpose]}; a ${learnerName(model)}`,
    model: a.modelHash,
    blocks: [
      ...purposeBlocks(a),
      ...modelBlocks(a),
      ...dataBlocks(a),
      ...figureBlocks(a),
      ...checkBlocks(a),
      ...originBlocks(a),
    ],
  }
}

const unwritten = (what: string): BlockCell => ({ text: `Nobody has written down ${what}.`, tone: 'stale' })

function purposeBlocks({ description, users, owner, limits }: CardMaterial): ReportBlock[] {
  const answers: readonly (readonly [question: string, answer: string, missing: string])[] = [
    ['What is it for?', description, 'what this model is for'],
    ['Who uses it, and how?', users, 'who uses it'],
    ['Where must it not be used?', limits, 'the limits of its use'],
    ['Who answers for it?', owner, 'who answers for it'],
  ]
  return [
    { block: 'heading', text: 'Purpose' },
    {
      block: 'table',
      columns: ['Question', 'Answer'],
      rows: answers.map(([question, answer, missing]) => [question, answer.trim() || unwritten(missing)]),
    },
  ]
}

/** Gates it passed, who has to approve it, and what rows have to keep. */
function checkBlocks({ releases, reviewers, schemaHash }: CardMaterial): ReportBlock[] {
  const gates = releases.flatMap(({ checks }) =>
    checks.map(({ label, verdict, reason }) => ({ label, verdict, value: reason })),
  )
  return [
    { block: 'heading', text: 'Checks' },
    gates.length > 0
      ? { block: 'gates', gates }
      : { block: 'text', tone: 'stale', text: 'No gate stood before the registration.' },
    reviewers.length > 0
      ? { block: 'table', columns: ['Before', 'Who approves'], rows: reviewers.map(({ stage, role }) => [stage, role]) }
      : { block: 'text', tone: 'stale', text: 'Nobody has to approve it before it enters production.' },
    {
      block: 'text',
      text: schemaHash
        ? `Rows to be scored have to keep the data contract ${schemaHash.slice(0, 12)}.`
        : 'No data contract travels with it: served rows are checked for their columns and types only.',
      ...(schemaHash === undefined && { tone: 'stale' as const }),
    },
  ]
}
