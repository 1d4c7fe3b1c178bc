import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { adjacency, ancestors, descendants } from './adjacency.ts'
import { describeNode } from './describe-node.ts'
import { planDocument } from './plan.ts'
import { pipeline, testingNodes } from './testing-nodes.ts'

const cards = testingNodes.map(describeNode)

/** Random acyclic graphs: wires only go from a smaller to a larger number, ids are shuffled. */
const acyclic = fc
  .integer({ min: 1, max: 14 })
  .chain((size) =>
    fc.tuple(
      fc.shuffledSubarray(
        Array.from({ length: size }, (_, index) => `n${String(index).padStart(2, '0')}`),
        { minLength: size },
      ),
      fc.uniqueArray(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { selector: ([a, b]) => `${a} ${b}` }),
    ),
  )
  .map(([ids, pairs]) =>
    pipeline(
      Object.fromEntries(ids.map((id) => [id, { type: 'release/gather' }])),
      pairs.filter(([a, b]) => a < b).map(([a, b]) => `${ids[a]}.model ${ids[b]}.models`),
    ),
  )

describe('planDocument', () => {
  test('puts every node once, behind all that feed it', () => {
    fc.assert(
      fc.property(acyclic, (document) => {
        const { order } = planDocument(document, cards)
        expect([...order].sort()).toEqual(Object.keys(document.nodes).sort())
        const place = new Map(order.map((id, index) => [id, index]))
        for (const { from, to } of document.edges)
          expect(place.get(from.split('.')[0]!)!).toBeLessThan(place.get(to.split('.')[0]!)!)
      }),
    )
  })

  test('does not depend on the order of wires or nodes', () => {
    fc.assert(
      fc.property(acyclic, (document) => {
        const turned = {
          ...document,
          nodes: Object.fromEntries(Object.entries(document.nodes).reverse()),
          edges: [...document.edges].reverse(),
        }
        expect(planDocument(turned, cards)).toEqual(planDocument(document, cards))
      }),
    )
  })

  test('to a target takes exactly the target and what feeds it', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (document, pick) => {
        const ids = Object.keys(document.nodes)
        const target = ids[pick % ids.length]!
        const { order } = planDocument(document, cards, [target])
        expect(new Set(order)).toEqual(ancestors(adjacency(document), [target]))
        expect(order.at(-1)).toBe(target)
      }),
    )
  })

  test('lists the wires of each input in the order of their sources, unwired inputs too', () => {
    const document = pipeline(
      { b: { type: 'train/learn' }, a: { type: 'train/learn' }, all: { type: 'release/gather' } },
      ['b.model all.models', 'a.model all.models'],
    )
    expect(planDocument(document, cards).inputs).toEqual({
      a: { table: [], preparation: [] },
      b: { table: [], preparation: [] },
      all: {
        models: [
          { node: 'a', port: 'model' },
          { node: 'b', port: 'model' },
        ],
      },
    })
  })

  test('a circle and an unknown target are problems', () => {
    const circle = pipeline({ a: { type: 'prepare/pick' }, b: { type: 'prepare/pick' }, c: { type: 'data/source' } }, [
      'a.table b.table',
      'b.table a.table',
    ])
    expect(() => planDocument(circle, cards)).toThrow(ProblemError)
    expect(planDocument(circle, cards, ['c']).order).toEqual(['c'])
    expect(() => planDocument(circle, cards, ['d1'])).toThrow('The pipeline has no node "d1".')
  })
})

describe('adjacency', () => {
  test('ancestors and descendants mirror each other', () => {
    fc.assert(
      fc.property(acyclic, (document) => {
        const graph = adjacency(document)
        const ids = Object.keys(document.nodes)
        for (const a of ids) for (const b of descendants(graph, [a])) expect(ancestors(graph, [b]).has(a)).toBe(true)
      }),
    )
  })

  test('two separate circles are both found, a node behind one is not part of it', () => {
    const document = pipeline(
      Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { type: 'prepare/pick' }])),
      ['a.table b.table', 'b.table a.table', 'c.table c.table', 'b.table d.table'],
    )
    const { order, cycles } = adjacency(document)
    expect(order).toEqual(['e'])
    expect(cycles).toEqual([['a', 'b'], ['c']])
  })
})
