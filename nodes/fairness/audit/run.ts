import {
  type Evaluation,
  type FairnessAttribute,
  type Frame,
  type Hash,
  type Metric,
  type Model,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { consistency } from '#ml/fairness/consistency'
import { entropyEstimate } from '#ml/fairness/generalised-entropy'
import { groupGaps } from '#ml/fairness/group-gaps'
import { groupFigures, type JudgedGroups, judgeGroups } from '#ml/fairness/judge-groups'
import { takeRows } from '#ml/frame'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'
import type { RowChoice } from '../../assess/judged-rows.ts'
import {
  type Attribute,
  type AuditColumns,
  attributeProblems,
  auditedColumns,
  crossedAttributes,
  singleAttributes,
} from './attributes.ts'
import { type AuditedRows, auditedRows } from './audited-rows.ts'

export interface AuditParams extends AuditColumns {
  readonly favourable: string
  readonly target: string
  readonly ratioLimit: number
  readonly rows: RowChoice
  readonly intersections: boolean
}
interface Run {
  readonly inputs: { readonly table: Table; readonly model: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined; readonly model: Hash | undefined }
  readonly params: AuditParams
  readonly context: RunContext
}

interface Judged {
  readonly attribute: Attribute
  readonly judged: JudgedGroups
}

export async function auditFairness({ inputs, hashes, params, context }: Run): Promise<{ evaluation: Evaluation }> {
  const { table, model } = inputs
  const problems = attributeProblems(table.columns, params)
  if (problems.length > 0) throw new ProblemError(problems)
  const columns = auditedColumns(table.columns, params)
  context.progress(0, 'scoring')
  const { rows, target, favourable } = params
  const audited = await auditedRows({ table, model, rows, target, favourable, columns }, context)
  context.progress(0.5, 'groups')
  const single = singleAttributes(audited.frame, columns, params)
  const crossed = params.intersections
    ? crossedAttributes(single, (names) => context.log(`${names} cross in too many groups and are left out.`))
    : []
  const judge = (attribute: Attribute): Judged => ({
    attribute,
    judged: judgeGroups(attribute.groups, audited.decisions, attribute.reference),
  })
  const attributes = single.map(judge)
  const intersections = crossed.map(judge)
  context.progress(0.7, 'individuals')
  const gaps = (all: readonly Judged[]) =>
    all.flatMap(({ attribute, judged }) => groupGaps(judged, attribute.columns.join('+')))
  const own = gaps(attributes)
  const metrics = [...worstOfAll(own), ...own, ...gaps(intersections), ...individual(audited, model, context)]
  context.progress(1)
  return {
    evaluation: {
      kind: 'evaluation',
      subject: 'fairness',
      ...(hashes.model && { model: hashes.model }),
      table: hashes.table ?? table.data,
      split: audited.split,
      rows: audited.frame.rows,
      metrics,
      fairness: {
        scope: audited.scope,
        favourable: audited.favourable,
        ratioLimit: params.ratioLimit,
        attributes: attributes.map(described),
        intersections: intersections.map(described),
      },
    },
  }
}

const described = ({ attribute, judged }: Judged): FairnessAttribute => ({
  columns: attribute.columns,
  groups: groupFigures(judged),
})

/** The worst attribute's figure under the figure's own name: `fairness.ratio` beside `fairness.ratio.sex`. */
function worstOfAll(metrics: readonly Metric[]): Metric[] {
  const kind = ({ name }: Metric) => name.split('.').slice(0, 2).join('.')
  return [...new Set(metrics.map(kind))].map((name) => {
    const all = metrics.filter((metric) => kind(metric) === name)
    const worse = (a: Metric, b: Metric) => {
      if (a.value === null || b.value === null) return b.value === null ? a : b
      return (a.better === 'high' ? b.value < a.value : b.value > a.value) ? b : a
    }
    return { ...all.reduce(worse), name }
  })
}

/** Rows beyond which the nearest neighbours are looked for in a sample. */
const mostNeighbourRows = 2_000

/** How evenly single people are treated; needs decisions beside the truth. */
function individual(audited: AuditedRows, model: Model | undefined, context: RunContext): Metric[] {
  const { favourable, actual } = audited.decisions
  if (!actual || !model) return []
  const entropy = (name: string, label: string, alpha: number): Metric => ({
    name: `fairness.${name}`,
    label,
    better: 'zero',
    ...entropyEstimate(favourable, actual, alpha),
  })
  return [
    entropy('theil', 'Theil index', 1),
    entropy('generalised-entropy', 'Generalised entropy, α = 2', 2),
    ...neighbourhood(audited, model, context),
  ]
}

function neighbourhood({ frame, decisions }: AuditedRows, model: Model, context: RunContext): Metric[] {
  if (!model.preparation) return []
  const rows = neighbourRows(frame, context.seed)
  const features = applyPreparation(model.preparation as unknown as Preparation, takeRows(frame, rows))
  const decided = Uint8Array.from(rows, (row) => decisions.favourable[row]!)
  const value = consistency(features, decided, 5, (row) => {
    if (row % 100 === 0) context.progress(0.7 + (0.3 * row) / rows.length, 'neighbours')
  })
  return [{ name: 'fairness.consistency', label: 'Consistency', better: 'one', value, n: rows.length }]
}

function neighbourRows(frame: Frame, seed: number): Uint32Array {
  if (frame.rows <= mostNeighbourRows) return Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const drawn = createRandom(seed).split('fairness/audit').permutation(frame.rows).slice(0, mostNeighbourRows)
  return Uint32Array.from(drawn).sort()
}
