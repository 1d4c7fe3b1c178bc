import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { describeNode } from '../describe-node.ts'
import { parseDocument } from '../parse.ts'
import { printDocument } from '../print.ts'
import { testingNodes } from '../testing-nodes.ts'
import { diffDocuments, sameLogic } from './diff-documents.ts'
import { documentFacts, documentOf } from './document-facts.ts'
import { mergeDocuments, takeTheirs } from './merge-documents.ts'

const cards = testingNodes.map(describeNode)

/** Documents over few names, so that versions of one another often touch the same thing. */
const ids = ['a', 'b', 'c', 'd'] as const
const documents: fc.Arbitrary<PipelineDocument> = fc
  .record({
    name: fc.constantFrom('One', 'Two'),
    seed: fc.constantFrom(1, 2, 3),
    nodes: fc.dictionary(
      fc.constantFrom(...ids),
      fc.record({
        type: fc.constantFrom('data/source', 'prepare/pick', 'train/learn'),
        version: fc.constant(1),
        params: fc.dictionary(fc.constantFrom('target', 'limit'), fc.constantFrom('x', 'y', 3)),
      }),
      { maxKeys: 4 },
    ),
    wires: fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 5 }),
    asserted: fc.uniqueArray(
      fc.record(
        {
          metric: fc.constantFrom('rows', 'missing'),
          column: fc.constantFrom('x', 'a/b → c'),
          operator: fc.constantFrom('>=' as const, '<=' as const),
          limit: fc.constantFrom(1, 2),
        },
        { requiredKeys: ['metric', 'operator', 'limit'] },
      ),
      { maxLength: 2, selector: ({ limit: _, ...what }) => JSON.stringify(what) },
    ),
    layout: fc.dictionary(fc.constantFrom(...ids), fc.constantFrom<[number, number]>([0, 0], [10, 20])),
  })
  .map(({ name, seed, nodes, wires, asserted, layout }) => {
    const there = (id: string) => Object.hasOwn(nodes, id)
    const taken = new Set<string>()
    const edges = wires.flatMap(([from, to]) => {
      if (from >= to || !there(from) || !there(to) || taken.has(to)) return []
      taken.add(to)
      return [{ from: `${from}.table`, to: `${to}.table`, ...(asserted.length > 0 && { assertions: asserted }) }]
    })
    const text = printDocument({
      format: 1,
      name,
      description: '',
      seed,
      nodes: nodes as PipelineDocument['nodes'],
      edges,
      inputs: {},
      layout: Object.fromEntries(Object.entries(layout).filter(([id]) => there(id))),
      frames: [],
      notes: [],
    })
    return parseDocument(text).document!
  })

const merge = (base: PipelineDocument, ours: PipelineDocument, theirs: PipelineDocument) =>
  mergeDocuments({ base, ours, theirs }, cards)

describe('facts of a document', () => {
  test('make the same document again', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(documentOf(documentFacts(document), 1)).toEqual(document)
      }),
    )
  })
})

describe('merging', () => {
  test('what one side left alone is the other side’s, without a conflict', () => {
    fc.assert(
      fc.property(documents, documents, (base, other) => {
        expect(merge(base, base, other)).toEqual({ document: other, conflicts: [] })
        expect(merge(base, other, base)).toEqual({ document: other, conflicts: [] })
        expect(merge(base, other, other)).toEqual({ document: other, conflicts: [] })
      }),
    )
  })

  test('it does not matter who is who as long as nobody contradicts', () => {
    fc.assert(
      fc.property(documents, documents, documents, (base, ours, theirs) => {
        const one = merge(base, ours, theirs)
        const other = merge(base, theirs, ours)
        expect(one.conflicts.length).toBe(other.conflicts.length)
        if (one.conflicts.length === 0) expect(one.document).toEqual(other.document)
      }),
    )
  })

  test('the result is always a whole document whose wires have both ends', () => {
    fc.assert(
      fc.property(documents, documents, documents, (base, ours, theirs) => {
        const { document, conflicts } = merge(base, ours, theirs)
        for (const of of [document, ...conflicts.map((conflict) => takeTheirs(document, conflict))]) {
          const again = parseDocument(printDocument(of))
          expect(again.problems).toEqual([])
          expect(again.document).toEqual(of)
          for (const { from, to } of of.edges)
            for (const end of [from, to]) expect(Object.keys(of.nodes)).toContain(end.split('.')[0])
        }
      }),
    )
  })

  const base = parseDocument(
    printDocument({
      format: 1,
      name: 'Loans',
      description: '',
      seed: 1,
      nodes: {
        rows: { type: 'data/source', version: 1, params: { path: 'a.csv' } },
        more: { type: 'data/source', version: 1, params: {} },
        learn: { type: 'train/learn', version: 1, params: { target: 'approved' } },
      },
      edges: [{ from: 'rows.table', to: 'learn.table' }],
      inputs: {},
      layout: { rows: [0, 0] },
      frames: [],
      notes: [],
    }),
  ).document!
  const withTarget = (target: string): PipelineDocument => ({
    ...base,
    nodes: { ...base.nodes, learn: { ...base.nodes.learn!, params: { target } } },
  })
  const { learn: _, ...withoutLearn } = base.nodes

  test('a parameter that both set differently is a conflict that keeps ours and can take theirs', () => {
    const { document, conflicts } = merge(base, withTarget('income'), withTarget('age'))
    expect(conflicts).toEqual([
      { place: 'nodes/learn/params/target', reason: 'both-changed', base: 'approved', ours: 'income', theirs: 'age' },
    ])
    expect(document).toEqual(withTarget('income'))
    expect(takeTheirs(document, conflicts[0]!)).toEqual(withTarget('age'))
  })

  test('a node that one removed and the other changed stays, with its wires, and is said', () => {
    const removed = { ...base, nodes: withoutLearn, edges: [] }
    const { document, conflicts } = merge(base, withTarget('age'), removed)
    expect(conflicts.map(({ reason }) => reason)).toEqual(['removed-and-changed'])
    expect(document).toEqual(withTarget('age'))
    expect(takeTheirs(document, conflicts[0]!)).toEqual(removed)
    expect(merge(base, removed, withTarget('age')).document).toEqual(withTarget('age'))
  })

  test('assertions merge one by one; a changed limit is one line of the file', () => {
    const asserting = (...limits: readonly [string, number][]) => ({
      ...base,
      edges: base.edges.map((edge) => ({
        ...edge,
        assertions: limits.map(([metric, limit]) => ({ metric, operator: '>=' as const, limit })),
      })),
    })
    const before = asserting(['columns', 2], ['rows', 10])
    const { document, conflicts } = merge(
      before,
      asserting(['columns', 2], ['rows', 20]),
      asserting(['columns', 3], ['rows', 10]),
    )
    expect(conflicts).toEqual([])
    expect(document).toEqual(asserting(['columns', 3], ['rows', 20]))
    const lines = [before, asserting(['columns', 2], ['rows', 20])].map((one) => printDocument(one).split('\n'))
    expect(lines[0]!.filter((line, index) => line !== lines[1]![index])).toEqual([
      '      { "metric": "rows", "operator": ">=", "limit": 10 }',
    ])
    expect(diffDocuments(before, document).assertions).toEqual([
      { from: 'rows.table', to: 'learn.table', what: 'columns >=', a: 2, b: 3 },
      { from: 'rows.table', to: 'learn.table', what: 'rows >=', a: 10, b: 20 },
    ])
    expect(sameLogic(diffDocuments(before, document))).toBe(false)
  })

  test('groups merge as a whole, and one that is still used comes back', () => {
    const part = { edges: [], inputs: {}, layout: {}, frames: [], notes: [] }
    const learn = { type: 'train/learn', version: 1, params: {} } as const
    const group = (title: string, nodes: PipelineDocument['nodes']) => ({ title, version: 1, nodes, ...part })
    const groups = {
      inner: group('Inner', { learn }),
      outer: group('Outer', { inner: { type: 'group/inner', version: 1, params: {} } }),
    }
    const use = { type: 'group/outer', version: 1, params: {} } as const
    const base: PipelineDocument = {
      format: 1,
      name: 'n',
      description: '',
      seed: 1,
      ...part,
      nodes: { a: use },
      groups,
    }
    const { groups: _, ...plain } = base
    const ours: PipelineDocument = { ...plain, nodes: { a: learn } }
    const theirs = { ...base, nodes: { ...base.nodes, b: use } }
    expect(mergeDocuments({ base, ours, theirs }, cards).document).toEqual({
      ...base,
      nodes: { a: learn, b: use },
    })
    const renamed = { ...base, groups: { ...groups, inner: group('Renamed', { learn }) } }
    const merged = mergeDocuments({ base, ours: { ...base, name: 'Ours' }, theirs: renamed }, cards)
    expect(merged).toEqual({ document: { ...renamed, name: 'Ours' }, conflicts: [] })
    expect(documentOf(documentFacts(base), 1)).toEqual(base)
  })

  test('two wires into an input for one are a conflict', () => {
    const bare = { ...base, edges: [] }
    const wired = (from: string) => ({ ...bare, edges: [{ from: `${from}.table`, to: 'learn.table' }] })
    const { document, conflicts } = merge(bare, wired('rows'), wired('more'))
    expect(document).toEqual(wired('rows'))
    expect(conflicts).toMatchObject([{ reason: 'one-wire-only', place: 'edges/more.table→learn.table' }])
    expect(takeTheirs(document, conflicts[0]!)).toEqual(wired('more'))
  })
})

describe('differences', () => {
  test('of a document to itself there are none; moving is no change of its logic', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(sameLogic(diffDocuments(document, document))).toBe(true)
        const moved = { ...document, layout: Object.fromEntries(Object.keys(document.nodes).map((id) => [id, [7, 7]])) }
        const difference = diffDocuments(document, moved as unknown as PipelineDocument)
        expect(sameLogic(difference)).toBe(true)
      }),
    )
  })

  test('they name nodes, parameters and wires', () => {
    const node = (params: Record<string, string>) => ({ type: 'train/learn', version: 1, params })
    const make = (nodes: PipelineDocument['nodes'], edges: PipelineDocument['edges']): PipelineDocument => ({
      format: 1,
      name: 'Loans',
      description: '',
      seed: 1,
      nodes,
      edges,
      inputs: {},
      layout: {},
      frames: [],
      notes: [],
    })
    const a = make({ a: node({ target: 'x' }), b: node({}) }, [{ from: 'a.model', to: 'b.preparation' }])
    const b = make({ a: node({ target: 'y' }), c: node({}) }, [])
    expect(diffDocuments(a, b)).toEqual({
      added: [{ node: 'c', type: 'train/learn' }],
      removed: [{ node: 'b', type: 'train/learn' }],
      changed: [{ node: 'a', what: 'target', a: 'x', b: 'y' }],
      wires: { added: [], removed: [{ from: 'a.model', to: 'b.preparation' }] },
      assertions: [],
      settings: [],
      moved: 0,
    })
  })
})
