import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DocumentEdit, PipelineDocument } from '#contract'
import { adjacency, portAddress } from '../adjacency.ts'
import { applyEdit } from '../apply-edit.ts'
import { applyEdits } from '../apply-edits.ts'
import { describeNode } from '../describe-node.ts'
import { parseDocument } from '../parse.ts'
import { printDocument } from '../print.ts'
import { pipeline, testingNodes } from '../testing-nodes.ts'
import { expandGroups } from './expand-groups.ts'
import { groupCards } from './group-cards.ts'
import { packNodes } from './pack-nodes.ts'

const base = testingNodes.map(describeNode)
const pack = (document: PipelineDocument, ids: readonly string[], title: string) => {
  const cards = new Map([...base, ...groupCards(document.groups, base)].map((card) => [card.type, card]))
  const answer = packNodes(document, new Set(ids), title, cards)
  return 'code' in answer ? undefined : answer
}
const wires = (document: PipelineDocument) => {
  const { document: flat, problems } = expandGroups(document)
  expect(problems).toEqual([])
  return flat.edges.map(({ from, to }) => `${from} ${to}`)
}

/** Two sources and some steps, each fed by any before it; a stretch of them in a group, a part of that in another. */
const nested = fc
  .record({
    feeds: fc.array(fc.nat(), { minLength: 4, maxLength: 8 }),
    outer: fc.tuple(fc.nat(), fc.integer({ min: 2, max: 6 })),
    inner: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })),
    twice: fc.boolean(),
  })
  .map(({ feeds, outer, inner, twice }) => {
    const steps = feeds.map((_, at) => `s${at}`)
    const all = ['a', 'b', ...steps]
    const nodes = {
      ...Object.fromEntries(['a', 'b'].map((id) => [id, { type: 'data/source', params: { path: id } }])),
      ...Object.fromEntries(steps.map((id) => [id, { type: 'prepare/pick' }])),
    }
    const edges = feeds.map((feed, at) => `${all[feed % (at + 2)]}.table s${at}.table`)
    const plain = pipeline(nodes, edges)
    const stretch = ([from, many]: readonly [number, number], of: readonly string[]) => {
      const first = from % of.length
      return of.slice(first, first + many)
    }
    const outside = stretch(outer, steps)
    const inside = pack(plain, stretch(inner, outside), 'Inner')
    const left = outside.filter((id) => inside && Object.hasOwn(inside.document.nodes, id))
    const whole = inside && pack(inside.document, [...left, inside.id], 'Outer')
    if (!whole) return plain
    const { document, id } = whole
    if (!twice) return document
    const copies = document.edges.filter(({ to }) => portAddress(to).node === id)
    const fed = copies.map((edge) => ({ ...edge, to: `again.${portAddress(edge.to).port}` }))
    return { ...document, nodes: { ...document.nodes, again: document.nodes[id]! }, edges: [...document.edges, ...fed] }
  })

const edited = nested.chain((document) => {
  const { nodes, edges } = expandGroups(document).document
  const ids = Object.keys(nodes).filter((id) => !id.startsWith('again'))
  const own = edges.filter(({ from, to }) => ![from, to].some((end) => end.startsWith('again')))
  const fed = ids.filter((id) => nodes[id]!.type === 'prepare/pick')
  return fc.record({
    document: fc.constant(document),
    cut: fc.subarray(own),
    drawn: fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...fed)), { maxLength: 3 }),
  })
})

describe('wires over the edges of groups', () => {
  it('are cut and drawn as they would be without groups, and nothing else is', () => {
    fc.assert(
      fc.property(edited, ({ document, cut, drawn }) => {
        const flat = expandGroups(document).document
        const edits: DocumentEdit[] = [
          ...cut.map(({ from, to }) => ({ do: 'unwire' as const, from, to })),
          ...drawn.map(([from, to]) => ({
            do: 'wire' as const,
            from: `${from}.table`,
            to: `${to}.table`,
            carries: 'table' as const,
          })),
        ]
        const meant = edits.reduce(applyEdit, flat)
        if (adjacency(meant).cycles.length > 0) return
        const after = applyEdits(document, edits)
        expect(wires(after)).toEqual(meant.edges.map(({ from, to }) => `${from} ${to}`))
        expect(parseDocument(printDocument(after)).problems).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

const chain = pipeline(
  { load: { type: 'data/source' }, keep: { type: 'prepare/pick' }, learn: { type: 'train/learn' } },
  ['load.table keep.table', 'keep.table learn.table'],
)
const { document, id } = pack(chain, ['keep', 'learn'], 'Model')!
const twice: PipelineDocument = {
  ...document,
  nodes: { ...document.nodes, again: document.nodes[id]! },
  edges: [...document.edges, { from: 'load.table', to: 'again.table' }],
}
const between = (group: string): DocumentEdit[] => [
  { do: 'add', id: 'pick', node: { type: 'prepare/pick', version: 3, params: {} }, beside: 'load' },
  { do: 'unwire', from: 'load.table', to: `${group}--keep.table` },
  { do: 'wire', from: 'load.table', to: 'pick.table', carries: 'table' },
  { do: 'wire', from: 'pick.table', to: `${group}--keep.table`, carries: 'table' },
]

describe('a cure over the edge of a group', () => {
  it('leaves the group alone where its ports do', () => {
    const cured = applyEdits(twice, between('again'))
    expect(cured.groups).toEqual(twice.groups)
    expect(wires(cured)).toEqual(
      expect.arrayContaining(['pick.table again--keep.table', 'load.table model--keep.table']),
    )
  })

  it('makes the group this place’s own where its inside changes and others use it', () => {
    const skip: DocumentEdit[] = [
      { do: 'unwire', from: 'again--keep.table', to: 'again--learn.table' },
      { do: 'wire', from: 'load.table', to: 'again--learn.table', carries: 'table' },
    ]
    const cured = applyEdits(twice, skip)
    expect(cured.groups!.model).toEqual(twice.groups!.model)
    expect(cured.nodes.again!.type).not.toBe(twice.nodes.again!.type)
    expect(wires(cured)).toEqual([
      'load.table again--keep.table',
      'load.table again--learn.table',
      'load.table model--keep.table',
      'model--keep.table model--learn.table',
    ])
  })

  it('adds a node on the level that is around all it is wired to, under an id that is free there', () => {
    const add: DocumentEdit = {
      do: 'add',
      id: 'keep',
      node: { type: 'prepare/pick', version: 3, params: {} },
      beside: 'model--learn',
    }
    const fed = (from: string): DocumentEdit => ({ do: 'wire', from, to: 'keep.table', carries: 'table' })
    expect(wires(applyEdits(document, [add, fed('model--keep.table')]))).toContain(
      'model--keep.table model--keep-2.table',
    )
    const outside = applyEdits(document, [add, fed('load.table')])
    expect(outside.groups).toEqual(document.groups)
    expect(wires(outside)).toContain('load.table keep.table')
    expect(Object.keys(applyEdits(document, [add]).groups!.model!.nodes)).toContain('keep-2')
  })

  it('takes an assertion away wherever on the way it stands', () => {
    const assertion = { metric: 'rows', operator: '>=' as const, limit: 3 }
    const asserted = { ...document, edges: document.edges.map((edge) => ({ ...edge, assertions: [assertion] })) }
    const wire = { from: 'load.table', to: 'model--keep.table' }
    expect(applyEdits(asserted, [{ do: 'assert', ...wire, assertions: [] }])).toEqual(document)
    const more = applyEdits(asserted, [{ do: 'assert', ...wire, assertions: [assertion, { ...assertion, limit: 5 }] }])
    expect(expandGroups(more).document.edges.find(({ to }) => to === wire.to)!.assertions).toHaveLength(2)
  })

  it('sets a parameter at the card that shows it', () => {
    const shown: PipelineDocument = {
      ...document,
      nodes: { ...document.nodes, model: { ...document.nodes.model!, params: { limit: 2 } } },
      groups: { model: { ...document.groups!.model!, inputs: { limit: 'keep.limit' } } },
    }
    const set = (param: string): DocumentEdit => ({ do: 'set', node: 'model--keep', param, value: 4 })
    expect(applyEdits(shown, [set('limit')]).nodes.model!.params).toEqual({ limit: 4 })
    expect(applyEdits(shown, [set('by')]).groups!.model!.nodes.keep!.params).toEqual({ by: 4 })
  })
})
