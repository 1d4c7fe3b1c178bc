import type { Assertion, JsonValue, PipelineDocument } from '#contract'
import { canonicalJson } from '../canonical.ts'
import { documentFacts, wireAt } from './document-facts.ts'

/** What differs between two versions of a pipeline, in its own words: nodes, wires, parameters. */
export interface DocumentDifference {
  readonly added: readonly { readonly node: string; readonly type: string }[]
  readonly removed: readonly { readonly node: string; readonly type: string }[]
  /** Parameters, titles and versions of nodes that both have; `null` where one has none. */
  readonly changed: readonly {
    readonly node: string
    readonly what: string
    readonly a: JsonValue
    readonly b: JsonValue
  }[]
  readonly wires: {
    readonly added: readonly { readonly from: string; readonly to: string }[]
    readonly removed: readonly { readonly from: string; readonly to: string }[]
  }
  /** Limits of assertions on wires that both have; `null` where one asserts no such thing. */
  readonly assertions: readonly {
    readonly from: string
    readonly to: string
    readonly what: string
    readonly a: JsonValue
    readonly b: JsonValue
  }[]
  /** Name, description, seed, named inputs and what else a document has. */
  readonly settings: readonly { readonly what: string; readonly a: JsonValue; readonly b: JsonValue }[]
  /** Nodes, frames and notes that stand elsewhere or look different; none of it is computed with. */
  readonly moved: number
}

export function diffDocuments(a: PipelineDocument, b: PipelineDocument): DocumentDifference {
  const [before, after] = [documentFacts(a), documentFacts(b)]
  const places = [...new Set([...before.keys(), ...after.keys()])].sort()
  const differing = places.filter(
    (place) => canonicalJson(before.get(place) ?? null) !== canonicalJson(after.get(place) ?? null),
  )
  const both = (id: string) => Object.hasOwn(a.nodes, id) && Object.hasOwn(b.nodes, id)
  const values = (place: string) => ({ a: before.get(place) ?? null, b: after.get(place) ?? null })
  const nodePlaces = differing.filter((place) => place.startsWith('nodes/'))
  const wires = differing.filter((place) => place.startsWith('edges/'))
  const only = (has: PipelineDocument, not: PipelineDocument) =>
    Object.keys(has.nodes)
      .filter((id) => !Object.hasOwn(not.nodes, id))
      .sort()
      .map((node) => ({ node, type: has.nodes[node]!.type }))
  return {
    added: only(b, a),
    removed: only(a, b),
    changed: nodePlaces.flatMap((place) => {
      const [, node, ...what] = place.split('/')
      if (!both(node!)) return []
      return [{ node: node!, what: what.join('.').replace(/^params\./, '') || 'type', ...values(place) }]
    }),
    wires: {
      added: wires.filter((place) => !before.has(place)).map(wireAt),
      removed: wires.filter((place) => !after.has(place)).map(wireAt),
    },
    assertions: differing
      .filter((place) => place.startsWith('assertions/'))
      .flatMap((place) => {
        const wire = wireAt(place)
        const kept = [before, after].every((facts) => facts.has(`edges/${wire.from}→${wire.to}`))
        return kept ? [{ ...wire, what: assertedThing(place), ...values(place) }] : []
      }),
    settings: differing
      .filter((place) => /^(name|description|seed|(inputs|more)\/.*)$/.test(place))
      .map((place) => ({ what: place.replace('more/', '').replace('/', ' '), ...values(place) })),
    moved: differing.filter((place) => /^(layout|frames|notes)\//.test(place)).length,
  }
}

/** "missing of income <=", from the place of an assertion. */
function assertedThing(place: string): string {
  const { metric, column, operator } = JSON.parse(place.slice(place.indexOf('/{') + 1)) as Assertion
  return `${metric}${column === undefined ? '' : ` of ${column}`} ${operator}`
}

/** Whether two documents compute the same, and hold it against the same assertions. */
export function sameLogic({ added, removed, changed, wires, assertions, settings }: DocumentDifference): boolean {
  const parts = [added, removed, wires.added, wires.removed, assertions]
  const named = [...changed.map(({ what }) => what), ...settings.map(({ what }) => what)]
  return parts.every((part) => part.length === 0) && named.every((what) => /^(title|name|description)$/.test(what))
}
