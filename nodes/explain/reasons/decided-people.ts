import type { Column, Explanation, Frame, Model, PersonReasons, RunContext, Table } from '#contract'
import { createRandom } from '#ml/random/random'
import { type RowChoice, rowChoices } from '../../assess/judged-rows.ts'
import { explainFitting } from '../shap/explain-fitting.ts'
import { drawnPieces, findPerson } from '../shap/explained-person.ts'
import {
  type Explainable,
  exactMethods,
  explainable,
  positivePlace,
  readExplained,
  sampledRows,
} from '../shap/explained-rows.ts'
import { wayDefaults } from '../shap/way.ts'
import { byRegion, type Facets, facetsOf } from './facets.ts'
import { type Decisions, decisionsOf, explainedPlaces, outcomeOf } from './outcomes.ts'

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
  readonly mostEstimatedRows: number
}

/** Explained rows with what was decided about each. */
export interface DecidedPeople extends Decisions {
  readonly frame: Frame
  /** Row numbers of the table. */
  readonly rows: Uint32Array
  readonly features: readonly string[]
  readonly facets: Facets
  readonly classes: readonly string[]
  /** What is drawn of a text or a picture. */
  drawn(place: number): Pick<PersonReasons, 'parts' | 'picture'>
  /** Places of the people that are counted and compared with: the sample, without those only named. */
  readonly counted: Uint32Array
}
export interface Decided {
  readonly people: DecidedPeople
  /** Places of the people that are explained one by one. */
  readonly chosen: readonly number[]
  readonly method: string
  readonly space: Explanation['space']
  readonly split: string
  /** Training rows of the table, or all of them: what changes are taken from. */
  readonly whole: Frame
}

/** Scores and explains a sample of the chosen rows, and picks the people that are explained one by one. */
export async function decidePeople(
  { model, table }: { readonly model: Model; readonly table: Table },
  params: PeopleParams,
  context: RunContext,
): Promise<Decided> {
  const outcome = outcomeOf(model, params.favourable)
  // by weights or trees where the model has them, else as explain/shap would by itself
  const plan = { ...wayDefaults, method: 'automatic' } as const
  const picked = explainable(model, plan)
  const frame = await readExplained(
    model,
    { ...table, columns: markProtected(table.columns, params.protected) },
    context,
  )
  const { rows: sampled, split } = sampledRows(frame, params.rows, mostRows(picked, params), context.seed)
  const named = params.who === 'named' ? params.named.split(/[,;\n]/).map((name) => name.trim()) : []
  const asked = named.filter((name) => name !== '').map((name) => findPerson(frame, name))
  const rows = Uint32Array.from(new Set([...sampled, ...asked])).sort()
  const places = explainedPlaces(model, positivePlace(picked))
  const fitted = await explainFitting(
    picked,
    plan,
    frame,
    () => rows,
    places,
    context,
    (fraction) => context.progress(0.1 + 0.5 * fraction, 'contributions'),
  )
  const { explained } = fitted
  const all = byRegion(explained, fitted.all)
  const inSample = new Set(sampled)
  const counted = Uint32Array.from(rows.keys()).filter((place) => inSample.has(rows[place]!))
  const decisions = decisionsOf(all, model, outcome)
  const { features } = all.outputs[0]!
  const people: DecidedPeople = {
    ...decisions,
    frame: all.frame,
    rows,
    features,
    drawn: (place) => drawnPieces(explained, { ...decisions, frame: all.frame, features }, place),
    facets: facetsOf(explained, all),
    classes: model.classes ?? [],
    counted,
  }
  return {
    people,
    chosen: choosePeople(
      people,
      params,
      asked.map((row) => rows.indexOf(row)),
      context.seed,
    ),
    method: explained.methodName,
    // differences of margins are log-odds of one class against another
    space: all.space === 'margin' ? 'log-odds' : all.space,
    split,
    whole: frame,
  }
}

/** Texts and pictures whose every row takes thousands of made-up ones are explained on fewer. */
const mostRows = ({ subject, method }: Explainable, params: PeopleParams) =>
  subject === 'columns' || exactMethods.has(method)
    ? params.mostRows
    : Math.min(params.mostRows, params.mostEstimatedRows)

/** Columns of which the chosen ones are protected; none chosen leaves the roles as they are. */
export function markProtected(columns: readonly Column[], chosen: readonly string[]): readonly Column[] {
  if (chosen.length === 0) return columns
  return columns.map((column) => {
    if (chosen.includes(column.name)) return { ...column, role: 'protected' as const }
    return column.role === 'protected' ? { ...column, role: 'label' as const } : column
  })
}

function choosePeople(
  { outcome, lead, favourable, counted }: DecidedPeople,
  { who, people }: PeopleParams,
  named: readonly number[],
  seed: number,
): readonly number[] {
  if (who === 'named') return [...new Set(named)]
  if (who === 'random') {
    const drawn = createRandom(seed).split('explain/reasons').permutation(counted.length).slice(0, people)
    return Array.from(drawn, (place) => counted[place]!).sort((a, b) => a - b)
  }
  const asked = [...counted].filter((place) => outcome.kind === 'given' || favourable[place] === 0)
  const refused = asked.sort((a, b) => Math.abs(lead[a]!) - Math.abs(lead[b]!) || a - b)
  return who === 'nearest' ? refused.slice(0, people) : refused
}
