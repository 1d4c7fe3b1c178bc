import type { JsonValue, NodeCard, PipelineDocument, PipelineGroup } from '#contract'
import { portAddress } from '../adjacency.ts'
import { canonicalJson } from '../canonical.ts'
import { groupOfType } from '../groups/group-ids.ts'
import { type DocumentFacts, documentFacts, documentOf, wireAt } from './document-facts.ts'

/** Something two people changed each in their own way. The merged document holds `ours` until somebody decides. */
export interface MergeConflict {
  /** As in `documentFacts`. */
  readonly place: string
  readonly reason: 'both-changed' | 'removed-and-changed' | 'one-wire-only' | 'wire-without-node'
  /** `null` where the version has no such thing. */
  readonly base: JsonValue
  readonly ours: JsonValue
  readonly theirs: JsonValue
}
export interface MergedDocument {
  readonly document: PipelineDocument
  readonly conflicts: readonly MergeConflict[]
}

/**
 * Three-way merge of a pipeline, fact by fact: what only one side changed is taken, what both changed alike is taken once,
 * what both changed differently is a conflict. A node that one side removed and the other changed stays. The result is
 * always a whole document.
 */
export function mergeDocuments(
  versions: {
    readonly base: PipelineDocument
    readonly ours: PipelineDocument
    readonly theirs: PipelineDocument
  },
  cards: readonly NodeCard[],
): MergedDocument {
  const [base, ours, theirs] = [versions.base, versions.ours, versions.theirs].map(documentFacts) as [
    DocumentFacts,
    DocumentFacts,
    DocumentFacts,
  ]
  const merged = new Map<string, JsonValue>()
  const conflicts: MergeConflict[] = []
  const conflict = (place: string, reason: MergeConflict['reason']) =>
    conflicts.push({
      place,
      reason,
      base: base.get(place) ?? null,
      ours: ours.get(place) ?? null,
      theirs: theirs.get(place) ?? null,
    })
  for (const place of new Set([...ours.keys(), ...theirs.keys(), ...base.keys()])) {
    const [was, mine, other] = [base, ours, theirs].map((facts) => canonicalJson(facts.get(place) ?? null))
    const taken = mine === was ? theirs.get(place) : ours.get(place)
    if (mine !== was && other !== was && mine !== other && !ofRemovedNode(versions, place))
      conflict(place, 'both-changed')
    if (taken !== undefined) merged.set(place, taken)
  }
  keepChangedNodes(versions, merged, conflict, { ours, theirs })
  dropLooseWires(merged, base, conflict)
  keepOneWire(merged, ours, cards, conflict)
  keepUsedGroups(merged, [ours, theirs, base])
  return { document: documentOf(merged, versions.ours.format), conflicts }
}

/** Facts of a node that only one side still has are judged together with the node. */
function ofRemovedNode({ ours, theirs }: Parameters<typeof mergeDocuments>[0], place: string): boolean {
  const id = /^(?:nodes|layout)\/([^/]+)/.exec(place)?.[1]
  return id !== undefined && Object.hasOwn(ours.nodes, id) !== Object.hasOwn(theirs.nodes, id)
}

type Say = (place: string, reason: MergeConflict['reason']) => void

/** A node that is gone on one side but was changed on the other comes back as it was changed. */
function keepChangedNodes(
  { base, ours, theirs }: Parameters<typeof mergeDocuments>[0],
  merged: Map<string, JsonValue>,
  conflict: Say,
  facts: { readonly ours: DocumentFacts; readonly theirs: DocumentFacts },
): void {
  for (const [id, before] of Object.entries(base.nodes)) {
    const kept = id in ours.nodes ? ([ours, facts.ours] as const) : ([theirs, facts.theirs] as const)
    const changed = kept[0].nodes[id]
    if (id in ours.nodes === id in theirs.nodes || canonicalJson(changed) === canonicalJson(before)) continue
    conflict(`nodes/${id}`, 'removed-and-changed')
    for (const [place, value] of kept[1]) {
      const wire = /^(edges|assertions)\//.test(place) ? wireAt(place) : undefined
      const touches = wire && [wire.from, wire.to].some((end) => portAddress(end).node === id)
      if (place === `nodes/${id}` || place.startsWith(`nodes/${id}/`) || place === `layout/${id}` || touches)
        merged.set(place, value)
    }
  }
}

/** A wire whose node the other side removed goes; one that is new is said. */
function dropLooseWires(merged: Map<string, JsonValue>, base: DocumentFacts, conflict: Say): void {
  for (const place of [...merged.keys()]) {
    if (!place.startsWith('edges/')) continue
    const { from, to } = wireAt(place)
    if ([from, to].every((end) => merged.has(`nodes/${portAddress(end).node}`))) continue
    merged.delete(place)
    if (!base.has(place)) conflict(place, 'wire-without-node')
  }
}

/** A group that one side removed stays while a node of the other, or another group, stands for it. */
function keepUsedGroups(merged: Map<string, JsonValue>, sides: readonly DocumentFacts[]): void {
  const keep = (type: string) => {
    const name = groupOfType(type)
    const place = `more/groups/${name}`
    const group = sides.find((facts) => facts.has(place))?.get(place)
    if (name === undefined || group === undefined || merged.has(place)) return
    merged.set(place, group)
    for (const node of Object.values((group as unknown as PipelineGroup).nodes)) keep(node.type)
  }
  for (const [place, type] of [...merged]) {
    if (/^nodes\/[^/]+$/.test(place)) keep(type as string)
    if (place.startsWith('more/groups/'))
      for (const node of Object.values((type as unknown as PipelineGroup).nodes)) keep(node.type)
  }
}

/** An input that takes one wire and got one from each side keeps ours; of unknown inputs nothing is said. */
function keepOneWire(
  merged: Map<string, JsonValue>,
  ours: DocumentFacts,
  cards: readonly NodeCard[],
  conflict: Say,
): void {
  const byType = new Map(cards.map((card) => [card.type, card]))
  const byInput = new Map<string, string[]>()
  for (const place of merged.keys()) {
    if (!place.startsWith('edges/')) continue
    const { to } = wireAt(place)
    byInput.set(to, [...(byInput.get(to) ?? []), place])
  }
  for (const [to, places] of byInput) {
    const { node, port } = portAddress(to)
    const input = byType.get(merged.get(`nodes/${node}`) as string)?.inputs[port]
    if (!input || input.many || places.length < 2) continue
    const kept = places.find((place) => ours.has(place)) ?? places[0]!
    for (const place of places) {
      if (place === kept) continue
      merged.delete(place)
      conflict(place, 'one-wire-only')
    }
  }
}

/** The document with the other side's version of a conflict. */
export function takeTheirs(document: PipelineDocument, conflict: MergeConflict): PipelineDocument {
  const { place, theirs, reason } = conflict
  const facts = new Map(documentFacts(document))
  if (reason === 'one-wire-only')
    for (const other of [...facts.keys()])
      if (other.startsWith('edges/') && wireAt(other).to === wireAt(place).to) facts.delete(other)
  if (theirs !== null) {
    facts.set(place, theirs)
    const { from, to } = wireAt(place)
    const whole = [from, to].every((end) => facts.has(`nodes/${portAddress(end).node}`))
    if (place.startsWith('assertions/') && whole) facts.set(`edges/${from}→${to}`, true)
  } else {
    facts.delete(place)
    if (/^nodes\/[^/]+$/.test(place)) {
      const id = place.slice('nodes/'.length)
      for (const other of [...facts.keys()]) {
        const ends = other.startsWith('edges/') ? Object.values(wireAt(other)) : []
        if (ends.some((end) => portAddress(end).node === id)) facts.delete(other)
      }
    }
  }
  return documentOf(facts, document.format)
}
