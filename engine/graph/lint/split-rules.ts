import type { DocumentEdit, LintFinding, PortType } from '#contract'
import { portAddress } from '../adjacency.ts'
import { addEdit, moveWires, unwire, wire } from './insert-node.ts'
import type { LintNode, LintView } from './lint-view.ts'

const hasSplit = ({ columns }: LintNode) => columns?.some(({ role }) => role === 'split') === true
const splits = ({ card }: LintNode) => card.traits.includes('splits')

/** What is fitted on all rows and handed to a split behind it has seen the test rows. */
export function fitBeforeSplit(view: LintView): LintFinding[] {
  return view.nodes.filter(splits).flatMap((split) =>
    view.into(split.id, 'table').flatMap((into) => {
      const fitted = view.node(portAddress(into.from).node)
      const source = fitted && view.into(fitted.id, 'table')[0]
      if (!fitted?.fits || !source || hasSplit(fitted)) return []
      const edits: DocumentEdit[] = [
        unwire(into),
        unwire(source),
        wire(source.from, into.to),
        wire(`${split.id}.table`, source.to),
        ...moveWires(
          view.outOf(split.id, 'table').filter(({ to }) => to !== source.to),
          into.from,
        ),
      ]
      return [
        {
          rule: 'fit-before-split' as const,
          node: fitted.id,
          message: `${fitted.title} is fitted on all rows, before ${split.title} sets the test rows apart.`,
          why: 'Means, categories and selections then come from the test rows too, and the test score is better than what new people will get.',
          cure: { label: `Put ${split.title} before ${fitted.title}`, edits },
        },
      ]
    }),
  )
}

/** All that comes to a node over wires of one type: where such a wire begins. */
function originsOf(view: LintView, id: string, type: PortType): ReadonlySet<string> {
  const [nodes, origins] = [new Set([id]), new Set<string>()]
  for (const node of nodes)
    for (const { from, to } of view.into(node)) {
      if (view.node(node)?.card.inputs[portAddress(to).port]?.type !== type) continue
      origins.add(from)
      nodes.add(portAddress(from).node)
    }
  return origins
}

/** A model that has learned, of a table, all rows there are, be they prepared before, or be it made smaller since. */
function learnedAll(view: LintView, judge: string, table: string): boolean {
  const learners = [...originsOf(view, judge, 'model')].map((from) => view.node(portAddress(from).node))
  return learners.some((node) => node?.fits && !hasSplit(node) && originsOf(view, node.id, 'table').has(table))
}

/** A model judged on the table it has learned from, which no one has split. */
export function noSplit(view: LintView): LintFinding[] {
  const card = view.typeOf('splits')
  if (!card) return []
  return view.nodes
    .filter((node) => node.judges && node.columns && !hasSplit(node))
    .flatMap((judge) => {
      const [table] = view.into(judge.id, 'table')
      if (!table || !learnedAll(view, judge.id, table.from)) return []
      const add = addEdit(view, card, judge.id)
      const edits = [
        add,
        wire(table.from, `${add.id}.table`),
        ...moveWires(view.outOf(portAddress(table.from).node, portAddress(table.from).port), `${add.id}.table`),
      ]
      return [
        {
          rule: 'no-split' as const,
          node: judge.id,
          message: `${judge.title} judges the model on the very rows it has learned from.`,
          why: 'A model can know its training rows by heart; the score says nothing about people it has not seen.',
          cure: { label: `Add ${card.title} in front`, edits },
        },
      ]
    })
    .slice(0, 1)
}

/** Asked to judge rows that the model was fitted to or chosen by, though there are others. */
export function judgedOnKnownRows(view: LintView): LintFinding[] {
  return view.nodes
    .filter((node) => node.judges && hasSplit(node))
    .flatMap((judge) => {
      const known = knownRows(view, judge)
      if (!known) return []
      const cure: LintFinding['cure'] = {
        label: 'Judge the test rows',
        edits: [{ do: 'set', node: judge.id, param: 'rows', value: 'test' }],
      }
      return [{ rule: 'judged-on-known-rows' as const, node: judge.id, ...known, cure }]
    })
}

function knownRows(view: LintView, judge: LintNode): Pick<LintFinding, 'message' | 'why'> | undefined {
  const { rows } = judge.params
  if (rows === 'train' || rows === 'all')
    return {
      message: `${judge.title} judges ${rows === 'all' ? 'all rows, the training rows among them' : 'the training rows'}.`,
      why: 'A model can know its training rows by heart; only rows it has not seen tell how good it is.',
    }
  const before = view.upstream(judge.id)
  const tuner = view.nodes.find(
    ({ id, card, params }) =>
      before.has(id) && card.traits.includes('tunes') && !Object.values(params).includes('folds'),
  )
  if (rows !== 'validation' || !tuner) return undefined
  return {
    message: `${judge.title} judges the validation rows, by which ${tuner.title} has chosen among many models.`,
    why: 'The best of many looks better on the rows that have chosen it than on others.',
  }
}

/** A choice made by the score on the test rows. */
export function tunedOnTest(view: LintView): LintFinding[] {
  return view.nodes
    .filter((node) => node.fits)
    .flatMap((node) =>
      Object.entries(node.params)
        .filter(([param, value]) => value === 'test' && allows(node, param, 'validation'))
        .map(([param]) => ({
          rule: 'tuned-on-test' as const,
          node: node.id,
          message: `${node.title} makes its choice by the test rows.`,
          why: 'Whatever is chosen by the test rows fits them better than others; their score is no longer an honest one.',
          cure: {
            label: 'Choose by the validation rows',
            edits: [{ do: 'set' as const, node: node.id, param, value: 'validation' }],
          },
        })),
    )
}

function allows({ card }: LintNode, param: string, value: string): boolean {
  const { properties } = card.params as { properties?: Record<string, { enum?: readonly unknown[] }> }
  return properties?.[param]?.enum?.includes(value) === true
}

/** Rows in time, split without regard to it. */
export function futureLeak(view: LintView): LintFinding[] {
  return view.nodes
    .filter((node) => splits(node) && node.params.method !== 'time' && node.params.method !== 'existing')
    .flatMap((split) => {
      const time = split.columns?.find(({ role }) => role === 'time')
      if (!time) return []
      return [
        {
          rule: 'future-leak' as const,
          node: split.id,
          message: `${split.title} mixes early and late rows, though ${time.name} puts them in time.`,
          why: 'The model then learns from the future of the rows it is tested on, which it never can in use.',
          columns: [time.name],
          cure: {
            label: `Train on the past: split by ${time.name}`,
            edits: [
              { do: 'set' as const, node: split.id, param: 'method', value: 'time' },
              { do: 'set' as const, node: split.id, param: 'by', value: time.name },
            ],
          },
        },
      ]
    })
}
