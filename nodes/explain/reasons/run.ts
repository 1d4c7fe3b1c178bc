import type { Column, Evaluation, Hash, Model, PersonReasons, Problem, RunContext, Table } from '#contract'
import { ProblemError } from '#contract'
import { alikeSpace } from '#ml/explain/alike-people'
import { frameOf } from '#ml/frame-of'
import { protectedNames } from '#ml/roles'
import { attributeProblems, singleAttributes } from '../../fairness/audit/attributes.ts'
import { spaced } from '../../fairness/report/wording.ts'
import { type DecidedPeople, decidePeople, markProtected, type PeopleParams } from './decided-people.ts'
import { classReasons, groupReasons, reasonMetrics } from './group-reasons.ts'
import { leftOutFinder } from './left-out.ts'
import { type Direction, groupPeople, personReasons } from './person-reasons.ts'
import { type Compared, type ReasonSide, reasonWords, type Statement } from './reason-words.ts'
import { reasonsFrame } from './reasons-table.ts'
import { type ChangeLimits, changeFinder, type FindChange } from './smallest-change.ts'
import { reasonWording } from './wording.ts'

export interface ReasonsParams extends PeopleParams, ChangeLimits {
  readonly reasons: number
  readonly direction: Direction
  readonly neighbours: number
  readonly statements: readonly Statement[]
  readonly changes: boolean
}
interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: ReasonsParams
  readonly context: RunContext
}

const auditedGroups = (columns: readonly Column[]) => ({ protected: protectedNames(columns), references: [], bins: [] })

/** Protected columns that make no groups; without any there is nothing to compare, and nothing wrong. */
export function groupProblems(columns: readonly Column[]): readonly Problem[] {
  const audited = auditedGroups(columns)
  return audited.protected.length > 0 ? attributeProblems(columns, audited) : []
}

/** People told of in the evaluation, and whose changes are looked for; the table has all. */
const shownPeople = 20

export async function giveReasons({ inputs, hashes, params, context }: Run) {
  const { model, table } = inputs
  const columns = markProtected(table.columns, params.protected)
  const problems = groupProblems(columns)
  if (problems.length > 0) throw new ProblemError(problems)
  context.progress(0, 'reading')
  const { people, chosen, method, space, split, whole } = await decidePeople({ model, table }, params, context)
  context.progress(0.6, 'people alike')
  const audited = auditedGroups(columns)
  const groupings = singleAttributes(people.frame, audited.protected, audited).map(({ columns: [name], groups }) =>
    groupPeople(name!, groups, people.counted),
  )
  const { relevant, column } = people.facets
  const shared = {
    people,
    space: alikeSpace(frameOf(...relevant.map(column)), relevant),
    groupings,
    reasons: params.reasons,
    neighbours: params.neighbours,
  }
  const { outcome, limit } = people
  const groups =
    outcome.kind === 'given'
      ? classReasons(people)
      : groupReasons({
          ...shared,
          onPerson: (fraction) => context.progress(0.6 + 0.2 * fraction, 'people alike'),
        })
  const compared = comparedWith(people, reasonWording({ ...outcome, limit }, model).verb)
  const plan = { ...shared, direction: params.direction, words: reasonWords(people, compared, params.statements) }
  const findChange = () =>
    people.facets.subject === 'columns'
      ? changeFinder(model, people, whole, params, context)
      : leftOutFinder(model, people, whole, context)
  const told = await withChanges(
    chosen.map((place) => personReasons(plan, place)),
    chosen,
    params.changes ? findChange() : undefined,
    context,
  )
  context.progress(0.95, 'writing')
  const shape = { columns, reasons: params.reasons, several: outcome.kind === 'class' || outcome.kind === 'given' }
  const written = await context.tables.write(
    reasonsFrame({ ...shape, changes: params.changes, frame: people.frame, places: chosen, decisions: outcome }, told),
  )
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
      ...(outcome.kind !== 'two' && { kind: outcome.kind }),
      ...(people.facets.subject !== 'columns' && { of: people.facets.subject === 'words' ? 'texts' : 'pictures' }),
      favourable: outcome.favourable,
      unfavourable: outcome.unfavourable,
      ...(limit !== undefined && { limit }),
      method,
      space,
      neighbours: params.neighbours,
      people: told.slice(0, shownPeople),
      ...groups,
    },
  }
  return { evaluation, table: written }
}

/** Those with the favourable outcome; of several classes those of the class that a reason speaks against. */
function comparedWith(people: DecidedPeople, verb: string): (place: number, side: ReasonSide) => Compared {
  const { counted, favourable, given, other, classes } = people
  if (!given || !other) {
    const compared = { places: counted.filter((place) => favourable[place] === 1), those: `those who ${verb}` }
    return () => compared
  }
  const groups = classes.map((name, code) => ({
    places: counted.filter((place) => given[place] === code),
    those: `those given ${spaced(name)}`,
  }))
  return (place, side) => groups[side === 'given' ? other[place]! : given[place]!]!
}

/** The first of the people with what would have to be different for another decision. */
async function withChanges(
  told: readonly PersonReasons[],
  places: readonly number[],
  find: FindChange | undefined,
  context: RunContext,
): Promise<readonly PersonReasons[]> {
  if (!find) return told
  const changed: PersonReasons[] = []
  const most = Math.min(told.length, shownPeople)
  for (const [at, person] of told.slice(0, most).entries()) {
    changed.push({ ...person, change: await find(places[at]!) })
    context.progress(0.8 + (0.15 * (at + 1)) / most, 'changes')
  }
  return [...changed, ...told.slice(most)]
}
