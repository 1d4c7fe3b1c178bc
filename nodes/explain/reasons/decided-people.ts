import {
  type Column,
  type Explanation,
  type Frame,
  type Model,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { meanAbsolute } from '#ml/explain/global-importance'
import { createRandom } from '#ml/random/random'
import { type RowChoice, rowChoices } from '../../assess/judged-rows.ts'
import { unknownFavourable } from '../../fairness/audit/audited-rows.ts'
import { findPerson } from '../shap/explained-person.ts'
import {
  type ExplainedRows,
  explainable,
  explainRows,
  openWay,
  readExplained,
  sampledRows,
} from '../shap/explained-rows.ts'
import { notSupported } from '../shap/shap-method.ts'
import { wayDefaults } from '../shap/way.ts'

export const whoChoices = ['nearest', 'refused', 'random', 'named'] as const
export { type RowChoice, rowChoices }

export interface PeopleParams {
  readonly rows: RowChoice
  readonly who: (typeof whoChoices)[number]
  readonly named: string
  readonly people: number
  readonly protected: readonly string[]
  readonly favourable: string
  readonly mostRows: number
}

/** Explained rows with what was decided about each; scores and contributions are towards the favourable outcome. */
export interface DecidedPeople {
  readonly frame: Frame
  /** Row numbers of the table. */
  readonly rows: Uint32Array
  readonly features: readonly string[]
  /** Contributions, row-major [people, features]. */
  readonly values: Float64Array
  readonly scores: Float64Array
  readonly favourable: Uint8Array
  /** Places of the people that are counted and compared with: the sample, without those only named. */
  readonly counted: Uint32Array
  /** Features that move somebody's score. */
  readonly relevant: readonly string[]
}
export interface Decided {
  readonly people: DecidedPeople
  /** Places of the people that are explained one by one. */
  readonly chosen: readonly number[]
  readonly outcome: { readonly favourable: string; readonly unfavourable: string; readonly limit: number }
  readonly method: string
  readonly space: Explanation['space']
  readonly split: string
}

/** Scores and explains a sample of the chosen rows, and picks the people that are explained one by one. */
export async function decidePeople(
  { model, table }: { readonly model: Model; readonly table: Table },
  params: PeopleParams,
  context: RunContext,
): Promise<Decided> {
  const outcome = outcomeOf(model, params.favourable)
  const explained = explainableByColumns(model)
  const frame = await readExplained(
    model,
    { ...table, columns: markProtected(table.columns, params.protected) },
    context,
  )
  const { rows: sampled, split } = sampledRows(frame, params.rows, params.mostRows, context.seed)
  const named = params.who === 'named' ? params.named.split(/[,;\n]/).map((name) => name.trim()) : []
  const asked = named.filter((name) => name !== '').map((name) => findPerson(frame, name))
  const rows = Uint32Array.from(new Set([...sampled, ...asked])).sort()
  const way = await openWay(explained, frame, context)
  context.progress(0.4, 'contributions')
  const all = await explainRows(explained, way, frame, rows, context)
  const inSample = new Set(sampled)
  const counted = Uint32Array.from(rows.keys()).filter((place) => inSample.has(rows[place]!))
  const people = towards(all, outcome, counted)
  return {
    people,
    chosen: choosePeople(
      people,
      params,
      asked.map((row) => rows.indexOf(row)),
      context.seed,
    ),
    outcome,
    method: explained.methodName,
    space: all.space,
    split,
  }
}

/** By weights or trees where the model has them, else as explain/shap would by itself; people are described by columns only. */
function explainableByColumns(model: Model) {
  const explained = explainable(model, { ...wayDefaults, method: 'automatic' })
  if (explained.subject === 'columns') return explained
  throw notSupported(
    `The model looks inside ${explained.subject === 'words' ? 'texts' : 'pictures'}, and reasons are columns of a table.`,
    'Connect a model of columns, or explain this one with SHAP',
  )
}

/** Columns of which the chosen ones are protected; none chosen leaves the roles as they are. */
export function markProtected(columns: readonly Column[], chosen: readonly string[]): readonly Column[] {
  if (chosen.length === 0) return columns
  return columns.map((column) => {
    if (chosen.includes(column.name)) return { ...column, role: 'protected' as const }
    return column.role === 'protected' ? { ...column, role: 'label' as const } : column
  })
}

/** The favourable class, the other one, and whether it is the class that the model calls positive. */
function outcomeOf({ classes = [], positive, threshold = 0.5 }: Model, named: string) {
  if (named !== '' && !classes.includes(named)) throw new ProblemError(unknownFavourable(named, classes))
  const own = positive ?? classes[1] ?? ''
  const favourable = named || own
  const turned = favourable !== own
  const unfavourable = classes.find((name) => name !== favourable) ?? ''
  return { favourable, unfavourable, turned, threshold, limit: turned ? 1 - threshold : threshold }
}

function towards(
  all: ExplainedRows,
  { turned, threshold }: ReturnType<typeof outcomeOf>,
  counted: Uint32Array,
): DecidedPeople {
  const { frame, rows, features } = all
  const favourable = Uint8Array.from(all.scores, (score) => Number(score >= threshold !== turned))
  const scores = turned ? all.scores.map((score) => 1 - score) : all.scores
  const values = turned ? all.values.map((value) => -value) : all.values
  const sizes = meanAbsolute({ base: 0, features, values })
  const moving = features.filter((_, j) => sizes[j]! > 0)
  return { frame, rows, features, values, scores, favourable, counted, relevant: moving.length > 0 ? moving : features }
}

function choosePeople(
  { scores, favourable, counted }: DecidedPeople,
  { who, people }: PeopleParams,
  named: readonly number[],
  seed: number,
): readonly number[] {
  if (who === 'named') return [...new Set(named)]
  if (who === 'random') {
    const drawn = createRandom(seed).split('explain/reasons').permutation(counted.length).slice(0, people)
    return Array.from(drawn, (place) => counted[place]!).sort((a, b) => a - b)
  }
  const refused = [...counted].filter((place) => favourable[place] === 0)
  refused.sort((a, b) => scores[b]! - scores[a]! || a - b)
  return who === 'nearest' ? refused.slice(0, people) : refused
}
