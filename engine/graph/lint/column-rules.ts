import type { DocumentEdit, JsonValue, LintFinding, LintRule } from '#contract'
import { portAddress } from '../adjacency.ts'
import { namesAftermath, namesIdentifier, namesProtected, namesProxy } from './column-words.ts'
import { addEdit, moveWires, wire } from './insert-node.ts'
import { inputColumns, type LintNode, type LintView, nameSome } from './lint-view.ts'

interface ColumnRule {
  readonly rule: LintRule
  /** Which parameter of the node that assigns roles takes the columns. */
  readonly param: 'protected' | 'ignore'
  suspects(name: string, target: string | undefined): boolean
  message(names: string, learner: string): string
  readonly why: string
  label(names: string): string
}

const rules: readonly ColumnRule[] = [
  {
    rule: 'protected-input',
    param: 'protected',
    suspects: namesProtected,
    message: (names, learner) => `${learner} decides by ${names}, which reads like a protected attribute.`,
    why: 'In many countries nobody may be refused on such grounds; as a protected column it is kept for the audit and never used to decide.',
    label: (names) => `Make ${names} protected`,
  },
  {
    rule: 'proxy-input',
    param: 'ignore',
    suspects: namesProxy,
    message: (names, learner) => `${learner} decides by ${names}, which often stands in for origin or sex.`,
    why: 'Where people live and what they are called tell much about who they are: the model can discriminate without seeing a protected column.',
    label: (names) => `Leave ${names} out of learning`,
  },
  {
    rule: 'target-leak',
    param: 'ignore',
    suspects: (name, target) => target !== undefined && namesAftermath(name, target),
    message: (names, learner) => `${learner} learns from ${names}, which seems to be written down after the outcome.`,
    why: 'In use such a column is empty when the decision falls: the score is far too good and the model useless.',
    label: (names) => `Leave ${names} out of learning`,
  },
  {
    rule: 'identifier-input',
    param: 'ignore',
    suspects: namesIdentifier,
    message: (names, learner) => `${learner} learns from ${names}, which reads like a number that names rows.`,
    why: 'Identifiers can give away when or where a row was made; a model that uses them has learned by heart.',
    label: (names) => `Leave ${names} out of learning`,
  },
]

/** Columns that should not decide, by their names; one finding a rule for all learners of the same columns. */
export function suspectColumns(view: LintView): LintFinding[] {
  const said = new Set<string>()
  return view.nodes
    .filter((node) => node.predicts && node.columns)
    .flatMap((learner) => {
      const target = targetOf(learner)
      const names = inputColumns(learner.columns, target).map(({ name }) => name)
      const left = new Set(names)
      return rules.flatMap((rule) => {
        const found = names.filter((name) => left.has(name) && rule.suspects(name, target))
        for (const name of found) left.delete(name)
        const key = `${rule.rule} ${found.join()}`
        if (found.length === 0 || said.has(key)) return []
        said.add(key)
        return [finding(view, rule, learner, found)]
      })
    })
}

function targetOf({ params, columns }: LintNode): string | undefined {
  const named = params.target
  if (typeof named === 'string' && named !== '') return named
  return columns?.find(({ role }) => role === 'target')?.name
}

function finding(view: LintView, rule: ColumnRule, learner: LintNode, columns: readonly string[]): LintFinding {
  const names = nameSome(columns)
  return {
    rule: rule.rule,
    node: learner.id,
    message: rule.message(names, learner.title),
    why: rule.why,
    columns,
    cure: { label: rule.label(names), edits: roleEdits(view, learner, rule.param, columns) },
  }
}

/** Names the columns in the node before that assigns roles, or puts such a node in front of the learner's table. */
function roleEdits(
  view: LintView,
  learner: LintNode,
  param: ColumnRule['param'],
  columns: readonly string[],
): readonly DocumentEdit[] {
  const before = view.upstream(learner.id)
  const assigner = view.nodes.find(({ id, card }) => before.has(id) && card.traits.includes('assigns-roles'))
  if (assigner) return [nameColumns(view, assigner, param, columns)]
  const [assigns, applies] = [view.typeOf('assigns-roles'), view.typeOf('applies-roles')]
  const source = sourceOf(view, learner)
  if (!assigns || !applies || source === undefined) return []
  const schema = addEdit(view, assigns, learner.id, { [param]: columns, ...goal(learner) })
  const roles = addEdit(view, applies, learner.id)
  const { node, port } = portAddress(source)
  return [
    schema,
    roles,
    wire(source, `${schema.id}.table`),
    wire(source, `${roles.id}.table`),
    wire(`${schema.id}.schema`, `${roles.id}.schema`),
    ...moveWires(view.outOf(node, port), `${roles.id}.table`),
  ]
}

/** A learner's own target must stay the target once a schema stands before it. */
function goal({ params }: LintNode): Readonly<Record<string, JsonValue>> {
  return typeof params.target === 'string' && params.target !== '' ? { target: params.target } : {}
}

/** The list of a parameter, with what the columns already are where it was left empty. */
function nameColumns(
  view: LintView,
  assigner: LintNode,
  param: ColumnRule['param'],
  columns: readonly string[],
): DocumentEdit {
  const listed = (assigner.params[param] ?? []) as readonly string[]
  const guessed = param === 'protected' && listed.length === 0 ? protectedBehind(view, assigner) : []
  return { do: 'set', node: assigner.id, param, value: [...new Set([...listed, ...guessed, ...columns])] }
}

function protectedBehind(view: LintView, assigner: LintNode): readonly string[] {
  const columns = view.nodes.find((node) => node.predicts && view.upstream(node.id).has(assigner.id))?.columns ?? []
  return columns.filter(({ role }) => role === 'protected').map(({ name }) => name)
}

/** Where the learner's table comes from before anyone split it. */
function sourceOf(view: LintView, learner: LintNode): string | undefined {
  let from = view.into(learner.id, 'table')[0]?.from
  for (let steps = 0; from !== undefined && steps < 100; steps++) {
    const node = view.node(portAddress(from).node)
    const before = node && view.into(node.id, 'table')[0]?.from
    if (!node?.card.traits.includes('splits') || before === undefined) return from
    from = before
  }
  return from
}
