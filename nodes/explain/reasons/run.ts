import {
  type Column,
  type Evaluation,
  type Hash,
  type Model,
  type Problem,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { alikeSpace } from '#ml/explain/alike-people'
import { protectedNames } from '#ml/roles'
import { attributeProblems, singleAttributes } from '../../fairness/audit/attributes.ts'
import { notClasses } from '../../fairness/audit/audited-rows.ts'
import { wordingFor } from '../../fairness/report/wording.ts'
import { decidePeople, markProtected, type PeopleParams } from './decided-people.ts'
import { groupReasons, reasonMetrics } from './group-reasons.ts'
import { type Direction, groupPeople, personReasons } from './person-reasons.ts'
import { reasonWords } from './reason-words.ts'
import { reasonsFrame } from './reasons-table.ts'

export interface ReasonsParams extends PeopleParams {
  readonly reasons: number
  readonly direction: Direction
  readonly neighbours: number
}
interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: ReasonsParams
  readonly context: RunContext
}

const auditedGroups = (columns: readonly Column[]) => ({ protected: protectedNames(columns), references: [], bins: [] })

export const manyClasses = (count: number | undefined): Problem => ({
  code: 'not-supported',
  message: `The model tells ${count ?? 'several'} classes apart; reasons are given for or against one of two.`,
  path: ['inputs', 'model'],
  fix: 'Connect a model of two classes',
})

/** Protected columns that make no groups; without any there is nothing to compare, and nothing wrong. */
export function groupProblems(columns: readonly Column[]): readonly Problem[] {
  const audited = auditedGroups(columns)
  return audited.protected.length > 0 ? attributeProblems(columns, audited) : []
}

/** People told of in the evaluation; the table has all. */
const shownPeople = 20

export async function giveReasons({ inputs, hashes, params, context }: Run) {
  const { model, table } = inputs
  if (model.purpose === 'regression') throw new ProblemError(notClasses(model.target ?? 'target'))
  if (model.purpose === 'multiclass') throw new ProblemError(manyClasses(model.classes?.length))
  const columns = markProtected(table.columns, params.protected)
  const problems = groupProblems(columns)
  if (problems.length > 0) throw new ProblemError(problems)
  context.progress(0, 'reading')
  const { people, chosen, outcome, method, space, split } = await decidePeople({ model, table }, params, context)
  context.progress(0.6, 'people alike')
  const audited = auditedGroups(columns)
  const groupings = singleAttributes(people.frame, audited.protected, audited).map(({ columns: [name], groups }) =>
    groupPeople(name!, groups, people.counted),
  )
  const shared = {
    people,
    space: alikeSpace(people.frame, people.relevant),
    groupings,
    reasons: params.reasons,
    neighbours: params.neighbours,
  }
  const groups = groupReasons({
    ...shared,
    onPerson: (fraction) => context.progress(0.6 + 0.3 * fraction, 'people alike'),
  })
  const { verb } = wordingFor({ favourable: outcome.favourable }, model, '', [])
  const plan = { ...shared, direction: params.direction, words: reasonWords(people, `those who ${verb}`) }
  const told = chosen.map((place) => personReasons(plan, place))
  context.progress(0.95, 'writing')
  const frame = reasonsFrame(
    { columns, reasons: params.reasons, frame: people.frame, places: chosen, decisions: outcome },
    told,
  )
  const written = await context.tables.write(frame)
  context.progress(1)
  const evaluation: Evaluation = {
    kind: 'evaluation',
    subject: 'reasons',
    ...(hashes.model && { model: hashes.model }),
    table: hashes.table ?? table.data,
    split,
    rows: people.counted.length,
    metrics: reasonMetrics(groups),
    reasons: {
      favourable: outcome.favourable,
      unfavourable: outcome.unfavourable,
      limit: outcome.limit,
      method,
      space,
      neighbours: params.neighbours,
      people: told.slice(0, shownPeople),
      ...groups,
    },
  }
  return { evaluation, table: written }
}
