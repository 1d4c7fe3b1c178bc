import type { Cure, JsonValue, Problem } from '#contract'
import { adjacency, ancestors } from '../adjacency.ts'
import { nearestType } from '../check.ts'
import { type CureView, type NodeProblem, nodeWords } from './cure-view.ts'
import { parameterCures } from './parameter-cures.ts'
import { cycleCures, missingWireCures, takenPortCures, unknownPortCures, wrongTypeCures } from './wire-cures.ts'

/**
 * Changes of the document that are likely to cure a problem, the likeliest first: those it brings itself, then those
 * that follow from its code and place. None where only the data, or a person, can help.
 */
export function problemCures(problem: Problem, view: CureView): readonly Cure[] {
  const cures = [...(problem.cures ?? []), ...derivedCures(problem, view)]
  const text = (cure: Cure) => JSON.stringify(cure.edits)
  return cures.filter((cure, index) => cures.findIndex((other) => text(other) === text(cure)) === index)
}

function derivedCures(problem: Problem, view: CureView): readonly Cure[] {
  switch (problem.code) {
    case 'port-missing':
      return missingWireCures(view, problem)
    case 'port-unknown':
      return unknownPortCures(view, problem)
    case 'port-type':
      return wrongTypeCures(view, problem)
    case 'port-taken':
      return takenPortCures(view, problem)
    case 'graph-cycle':
      return cycleCures(view, problem)
    case 'node-unknown':
      return retypeCures(view, problem)
    case 'rows-missing':
      return splitCures(view, problem)
    default:
      return parameterProblem(view, problem)
  }
}

function parameterProblem(view: CureView, problem: Problem): readonly Cure[] {
  const { node, path } = problem
  const card = view.cards.find(({ type }) => type === view.document.nodes[node ?? '']?.type)
  if (node === undefined || !card || path?.[0] !== 'params' || path.length < 2) return []
  const params = view.document.nodes[node]!.params as Readonly<Record<string, JsonValue>>
  const of: NodeProblem = { problem, view, node, card, params }
  return parameterCures(of)
}

function retypeCures({ document, cards }: CureView, { node }: Problem): readonly Cure[] {
  const old = document.nodes[node ?? '']
  const type = old && nearestType(old.type, cards as readonly { type: `${string}/${string}` }[])
  const card = cards.find((one) => one.type === type)
  if (node === undefined || !card) return []
  return [
    {
      label: `Make it ${card.title}`,
      edits: [{ do: 'retype', node, type: card.type, version: card.version }],
    },
  ]
}

const shares = ['train', 'validation', 'test', 'folds', 'method']

/** Where a step lacks rows, the split in front of it that was set by hand goes back to its defaults. */
function splitCures(view: CureView, { node }: Problem): readonly Cure[] {
  if (node === undefined) return []
  const before = ancestors(adjacency(view.document), [node])
  return [...before].flatMap((id) => {
    const { type, params = {} } = view.document.nodes[id] ?? {}
    const splits = view.cards.find((card) => card.type === type)?.traits.includes('splits')
    const given = shares.filter((name) => Object.hasOwn(params, name))
    if (!splits || given.length === 0) return []
    const edits = given.map((param) => ({ do: 'reset' as const, node: id, param }))
    return [{ label: `Set the shares of ${nodeWords(view, id)} back to their defaults`, edits }]
  })
}
