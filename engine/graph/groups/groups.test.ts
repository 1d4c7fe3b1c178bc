import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PipelineDocument, PipelineEdge } from '#contract'
import { adjacency, portAddress, sortedEdges } from '../adjacency.ts'
import { applyEdits } from '../apply-edits.ts'
import { canonicalJson } from '../canonical.ts'
import { describeNode } from '../describe-node.ts'
import { parseDocument } from '../parse.ts'
import { planDocument } from '../plan.ts'
import { printDocument } from '../print.ts'
import { pipeline, testingNodes } from '../testing-nodes.ts'
import { levelOfEdits } from './edit-levels.ts'
import { expandGroups, resolveSettings } from './expand-groups.ts'
import { hideSetting, keepVersion, makeIndependent, showSetting, updateVersion, versionChanges } from './group-acts.ts'
import { groupCards } from './group-cards.ts'
import { groupAt, levelDocument, openPath, withLevel } from './levels.ts'
import { type PackedNodes, packNodes } from './pack-nodes.ts'
import { unpackAll, unpackNode } from './unpack-node.ts'

const base = testingNodes.map(describeNode)
const cardsOf = (document: PipelineDocument) =>
  new Map([...base, ...groupCards(document.groups, base)].map((card) => [card.type, card]))
const pack = (document: PipelineDocument, ids: readonly string[], title = 'Clean') =>
  packNodes(document, new Set(ids), title, cardsOf(document))
const packed = (document: PipelineDocument, ids: readonly string[], title?: string): PackedNodes => {
  const answer = pack(document, ids, title)
  if ('code' in answer) throw new Error(answer.message)
  return answer
}

/** Every step by what its result depends on, inputs named by their own such key: what the cache sees of a document. */
function stepKeys(document: PipelineDocument): readonly string[] {
  const flat = expandGroups(document).document
  const { order, inputs } = planDocument(flat, base)
  const keys = new Map<string, string>()
  for (const id of order) {
    const { type, params } = flat.nodes[id]!
    const wired = Object.entries(inputs[id]!).map(([port, wires]) => [
      port,
      wires.map((wire) => `${keys.get(wire.node)}.${wire.port}`),
    ])
    keys.set(id, canonicalJson({ type, params, wired }))
  }
  return [...keys.values()].sort()
}

const chain = pipeline(
  {
    load: { type: 'data/source', params: { path: 'a.csv' } },
    keep: { type: 'prepare/pick', title: 'Keep' },
    narrow: { type: 'prepare/pick', params: { limit: 7 } },
    learn: { type: 'train/learn' },
    judge: { type: 'train/learn', params: { target: 'x' } },
    gate: { type: 'release/gather' },
  },
  [
    'load.table keep.table',
    'keep.table narrow.table',
    'narrow.table learn.table',
    'narrow.table judge.table',
    'learn.model gate.models',
    'judge.model gate.models',
  ],
  {
    layout: { load: [0, 0], keep: [240, 10], narrow: [480, 0], learn: [720, 0], judge: [720, 200], gate: [960, 0] },
    inputs: { most: 'narrow.limit', file: 'load.path' },
  },
)

const documents = fc
  .record({
    sources: fc.integer({ min: 1, max: 3 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
    learners: fc.array(fc.tuple(fc.nat(), fc.option(fc.nat())), { maxLength: 5 }),
    gathers: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { maxLength: 2 }),
    asserted: fc.array(fc.nat(), { maxLength: 4 }),
    x: fc.array(fc.integer({ min: -300, max: 900 }), { minLength: 16, maxLength: 16 }),
    words: fc.shuffledSubarray('abcdefghijklmnop'.split(''), { minLength: 16 }),
  })
  .map(({ sources, picks, learners, gathers, asserted, x, words }) => {
    const nodes: Record<string, { type: string; params?: Record<string, number | string> }> = {}
    const edges: string[] = []
    const tables: string[] = []
    const models: string[] = []
    const add = (type: string, params: Record<string, number | string> = {}) => {
      const id =
        words[Object.keys(nodes).length % words.length]! + (Object.keys(nodes).length >= words.length ? '-2' : '')
      nodes[id] = { type, params }
      return id
    }
    const one = (list: readonly string[], at: number) => list[at % list.length]!
    for (let n = 0; n < sources; n++) tables.push(`${add('data/source', { path: `${n}.csv` })}.table`)
    for (const [from, limit] of picks) {
      const id = add('prepare/pick', { limit })
      edges.push(`${one(tables, from)} ${id}.table`)
      tables.push(`${id}.table`)
    }
    for (const [from, prepared] of learners) {
      const id = add('train/learn', { target: `t${from}` })
      edges.push(`${one(tables, from)} ${id}.table`)
      if (prepared !== null && models.length > 0) edges.push(`${one(models, prepared)} ${id}.preparation`)
      models.push(`${id}.model`)
    }
    for (const from of gathers) {
      if (models.length === 0) break
      const id = add('release/gather')
      for (const at of new Set(from.map((number) => one(models, number)))) edges.push(`${at} ${id}.models`)
    }
    const ids = Object.keys(nodes)
    const made = pipeline(nodes, edges, {
      layout: Object.fromEntries(
        ids.map((id, at) => [id, [x[at % 16]!, x[(at + 5) % 16]!]]),
      ) as PipelineDocument['layout'],
      inputs: { first: `${ids[0]}.path` },
    })
    const assertions = [{ metric: 'rows', operator: '>=' as const, limit: 3 }]
    const wires = made.edges.map(
      (edge, at): PipelineEdge => (asserted.some((n) => n % made.edges.length === at) ? { ...edge, assertions } : edge),
    )
    return { ...made, edges: sortedEdges(wires) }
  })

const selections = documents.chain((document) =>
  fc.record({
    document: fc.constant(document),
    first: fc.subarray(Object.keys(document.nodes), { minLength: 1 }),
    second: fc.subarray(Object.keys(document.nodes), { minLength: 0 }),
  }),
)

/** The nodes with all that lies between them, so that grouping them makes no circle. */
function closed(document: PipelineDocument, ids: readonly string[]): readonly string[] {
  const { before, after } = adjacency(document)
  const reach = (next: ReadonlyMap<string, ReadonlySet<string>>) => {
    const found = new Set<string>()
    const open = [...ids]
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const other of next.get(id) ?? [])
        if (!found.has(other)) {
          found.add(other)
          open.push(other)
        }
    return found
  }
  const [up, down] = [reach(before), reach(after)]
  return Object.keys(document.nodes).filter((id) => ids.includes(id) || (up.has(id) && down.has(id)))
}

/** One of the things that can be done with groups; the document itself where it can not be done. */
function anyAct(document: PipelineDocument, act: number, one: number, other: number): PipelineDocument {
  const ids = Object.keys(document.nodes).filter((id) => !/^(in|out)put\//.test(document.nodes[id]!.type))
  const groups = ids.filter((id) => document.nodes[id]!.type.startsWith('group/'))
  const group = groups[other % groups.length] ?? ''
  if (act === 0 && ids.length > 0) {
    const whole = closed(document, [ids[one % ids.length]!, ids[other % ids.length]!])
    return packed(document, whole, `Group ${one % 3}`).document
  }
  if (act === 1) return unpackNode(document, group)?.document ?? document
  if (act === 2) return makeIndependent(document, group)
  return act === 3 ? keepVersion(document, group) : updateVersion(document, group)
}

describe('pack and unpack', () => {
  it('give back the same document, and no step another key on the way', () => {
    fc.assert(
      fc.property(selections, ({ document, first }) => {
        const ids = closed(document, first)
        const inside = packed(document, ids)
        expect(stepKeys(inside.document)).toEqual(stepKeys(document))
        const outside = unpackNode(inside.document, inside.id)!
        expect(printDocument(outside.document)).toBe(printDocument(document))
        expect([...outside.ids].sort()).toEqual([...ids].sort())
      }),
      { numRuns: 300 },
    )
  })

  it('are the identity for groups in groups too', () => {
    fc.assert(
      fc.property(selections, ({ document, first, second }) => {
        const inner = packed(document, closed(document, first), 'Inner')
        const others = second.filter((id) => Object.hasOwn(inner.document.nodes, id))
        const outer = packed(inner.document, closed(inner.document, [inner.id, ...others]), 'Outer')
        expect(stepKeys(outer.document)).toEqual(stepKeys(document))
        const half = unpackNode(outer.document, outer.id)!.document
        expect(printDocument(half)).toBe(printDocument(inner.document))
        expect(printDocument(unpackNode(half, inner.id)!.document)).toBe(printDocument(document))
      }),
      { numRuns: 200 },
    )
  })

  it('and every other act on groups leave all keys as they are, on any level and in any order', () => {
    const acts = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(), fc.nat(), fc.boolean()), { maxLength: 10 })
    fc.assert(
      fc.property(documents, acts, (start, done) => {
        const keys = stepKeys(start)
        const end = done.reduce((document, [act, one, other, inside]) => {
          const groups = Object.keys(document.nodes).filter((id) => document.nodes[id]!.type.startsWith('group/'))
          const path = inside && groups.length > 0 ? [groups[one % groups.length]!] : []
          const level = levelDocument(document, path)
          return withLevel(document, path, anyAct(level, act, one, other))
        }, start)
        expect(expandGroups(end).problems).toEqual([])
        expect(stepKeys(end)).toEqual(keys)
        expect(stepKeys(unpackAll(end))).toEqual(keys)
      }),
      { numRuns: 150 },
    )
  })

  it('are refused, with the nodes in between, exactly where the group would feed itself', () => {
    fc.assert(
      fc.property(selections, ({ document, first }) => {
        const answer = pack(document, first)
        const whole = closed(document, first)
        if (whole.length === first.length) expect(answer).not.toHaveProperty('code')
        else {
          expect(answer).toMatchObject({
            code: 'not-supported',
            fix: expect.stringMatching(/^Select (it|them) too\.$/),
          })
          expect(first).not.toContain((answer as { node: string }).node)
          expect(whole).toContain((answer as { node: string }).node)
        }
      }),
    )
  })

  it('survive the file', () => {
    fc.assert(
      fc.property(selections, ({ document, first }) => {
        const { document: grouped } = packed(document, closed(document, first))
        const text = printDocument(grouped)
        const read = parseDocument(text)
        expect(read.problems).toEqual([])
        expect(printDocument(read.document!)).toBe(text)
        expect(stepKeys(read.document!)).toEqual(stepKeys(document))
      }),
      { numRuns: 50 },
    )
  })

  it('refuse an empty selection, a port of the group around, and a wire whose type nobody knows', () => {
    expect(pack(chain, [])).toMatchObject({ fix: 'Select the nodes that belong together.' })
    const { document, id } = packed(chain, ['keep', 'narrow'])
    const inside = levelDocument(document, [id])
    expect(pack(inside, ['table', 'keep'])).toMatchObject({ node: 'table', fix: 'Leave it out of the selection.' })
    const strange = pipeline({ a: { type: 'some/thing' }, b: { type: 'other/thing' } }, ['a.out b.in'])
    expect(pack(strange, ['a'])).toMatchObject({ message: expect.stringContaining('a.out to b.in') })
  })

  it('name ports after those of the nodes, and the group by its title', () => {
    const { document, id } = packed(chain, ['keep', 'narrow'], 'Clean up')
    expect(id).toBe('clean-up')
    const card = cardsOf(document).get('group/clean-up')!
    expect(card.inputs).toEqual({ table: { type: 'table', doc: 'table' } })
    expect(card.outputs).toEqual({ 'table-out': { type: 'table', doc: 'table-out' } })
    expect(card.doc).toBe('A group of 2 nodes: Keep, Pick.')
    expect(document.layout['clean-up']).toEqual([240, 0])
    expect(document.edges.map(({ from, to }) => `${from} ${to}`)).toContain('clean-up.table-out learn.table')
  })
})

describe('expandGroups', () => {
  it('gives the document itself where there are no groups', () => {
    expect(expandGroups(chain).document).toBe(chain)
  })

  it('runs two nodes of one group as two, each with its own settings', () => {
    const { document, id } = packed(chain, ['narrow'])
    const two: PipelineDocument = {
      ...document,
      nodes: { ...document.nodes, again: { ...document.nodes[id]!, params: { most: 2 } } },
      edges: [...document.edges, { from: 'keep.table', to: 'again.table' }],
    }
    const { document: flat, settings, instances, ends } = expandGroups(two, () => 'Pick')
    expect(flat.nodes['clean--narrow']).toEqual({
      type: 'prepare/pick',
      version: 3,
      params: { limit: 7 },
      title: 'Clean › Pick',
    })
    expect(flat.nodes['again--narrow']!.params).toEqual({ limit: 2 })
    expect(flat.inputs).toEqual({ file: 'load.path', most: 'clean--narrow.limit' })
    expect(resolveSettings({ settings }, { 'again.most': '3', other: '1' })).toEqual({
      'again--narrow.limit': '3',
      other: '1',
    })
    expect([...instances.keys()]).toEqual(['clean', 'again'])
    expect(ends.get('again--table')).toEqual(['again--narrow.table'])
    expect(ends.get('clean--table-out')).toEqual(['clean--narrow.table'])
  })

  it('refuses a group that holds itself, at any depth', () => {
    const inner = packed(chain, ['narrow'], 'Inner')
    const { document } = packed(inner.document, ['keep', 'inner'], 'Outer')
    const looped = structuredClone(document)
    looped.groups!.inner!.nodes.loop = { type: 'group/outer', version: 1, params: {} }
    const { problems } = expandGroups(looped)
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'graph-cycle',
        node: 'outer--inner--loop',
        message: 'The group "Outer" holds itself: outer → inner → outer.',
      }),
    ])
  })

  it('names settings and ports that a group does not have', () => {
    const { document } = packed(chain, ['narrow'])
    const wrong = structuredClone(document)
    wrong.nodes.clean!.params = { mots: 1 }
    wrong.edges.push({ from: 'load.table', to: 'clean.tabel' })
    expect(expandGroups(wrong).problems.map(({ node, path, fix }) => [node, path, fix])).toEqual([
      ['clean', ['params', 'mots'], 'Rename it to "most", or remove it.'],
      ['clean', ['inputs', 'tabel'], 'Use clean.table.'],
    ])
  })

  it('leads a setting through all levels to the parameter', () => {
    const inner = packed(chain, ['narrow'], 'Inner')
    const { document } = packed(inner.document, ['keep', 'inner'], 'Outer')
    expect(document.inputs.most).toBe('outer.most')
    const { settings, document: flat } = expandGroups(document)
    expect(settings.get('outer.most')).toBe('outer--inner--narrow.limit')
    expect(flat.inputs.most).toBe('outer--inner--narrow.limit')
    const card = cardsOf(document).get('group/outer')!
    expect(card.defaults).toEqual({ most: 7 })
    expect(card.params).toMatchObject({ properties: { most: { title: 'Limit', default: 7 } } })
    const set = { ...document, nodes: { ...document.nodes, outer: { ...document.nodes.outer!, params: { most: 1 } } } }
    expect(expandGroups(set).document.nodes['outer--inner--narrow']!.params).toEqual({ limit: 1 })
    const freed = unpackNode(set, 'outer')!.document
    expect(freed.nodes.inner!.params).toEqual({ most: 1 })
    expect(freed.inputs.most).toBe('inner.most')
  })
})

describe('levels', () => {
  it('are edited like documents; all nodes of the group follow', () => {
    const inner = packed(chain, ['narrow'], 'Inner')
    const { document } = packed(inner.document, ['keep', 'inner'], 'Outer')
    const path = ['outer', 'inner']
    expect(groupAt(document, path)).toBe('inner')
    expect(openPath(document, ['outer', 'gone', 'inner'])).toEqual(['outer'])
    const level = levelDocument(document, path)
    expect(level.name).toBe('Inner')
    const shown = withLevel(document, path, showSetting(level, 'narrow', 'mode'))
    expect(cardsOf(shown).get('group/inner')!.defaults).toEqual({ most: 7, mode: 'all' })
    const set = withLevel(shown, ['outer'], {
      ...levelDocument(shown, ['outer']),
      nodes: { ...shown.groups!.outer!.nodes, inner: { type: 'group/inner', version: 1, params: { mode: 'one' } } },
    })
    expect(expandGroups(set).document.nodes['outer--inner--narrow']!.params).toEqual({ limit: 7, mode: 'one' })
    const hidden = withLevel(set, path, hideSetting(levelDocument(set, path), 'narrow', 'mode'))
    expect(hidden.groups!.outer!.nodes.inner!.params).toEqual({})
    expect(expandGroups(hidden).problems).toEqual([])
  })

  it('forget a group that was made and unpacked inside', () => {
    const { document } = packed(chain, ['keep', 'narrow'], 'Outer')
    const level = levelDocument(document, ['outer'])
    const made = withLevel(document, ['outer'], packed(level, ['keep'], 'Inner').document)
    expect(Object.keys(made.groups!)).toEqual(['outer', 'inner'])
    const undone = withLevel(made, ['outer'], unpackNode(levelDocument(made, ['outer']), 'inner')!.document)
    expect(printDocument(undone)).toBe(printDocument(document))
  })

  it('take wires along when a port inside is removed', () => {
    const { document, id } = packed(chain, ['narrow'])
    const level = levelDocument(document, [id])
    const { table: _, ...nodes } = level.nodes
    const edges = level.edges.filter(({ from }) => portAddress(from).node !== 'table')
    const without = withLevel(document, [id], { ...level, nodes, edges })
    expect(without.edges.some(({ to }) => to.startsWith('clean.'))).toBe(false)
    expect(expandGroups(without).problems).toEqual([])
  })
})

describe('versions', () => {
  const { document, id } = packed(chain, ['narrow'])
  const two: PipelineDocument = { ...document, nodes: { ...document.nodes, again: document.nodes[id]! } }

  it('are kept only for nodes that need them, and say what changes', () => {
    const kept = keepVersion(two, 'again')
    expect(kept.nodes.again!.type).toBe('group/clean-v1')
    expect(kept.groups!.clean!.version).toBe(2)
    const level = levelDocument(kept, ['clean'])
    const nodes = { ...level.nodes, narrow: { ...level.nodes.narrow!, params: { limit: 3 } } }
    const changed = withLevel(kept, ['clean'], { ...level, nodes })
    expect(expandGroups(changed).document.nodes['again--narrow']!.params).toEqual({ limit: 7 })
    expect(versionChanges(changed, 'again')!.changed).toEqual([{ node: 'narrow', what: 'limit', a: 7, b: 3 }])
    expect(versionChanges(changed, 'clean')).toBeUndefined()
    const updated = updateVersion(changed, 'again')
    expect(updated.nodes.again!.type).toBe('group/clean')
    expect(Object.keys(updated.groups!)).toEqual(['clean'])
  })

  it('may part for good', () => {
    const apart = makeIndependent(two, 'again')
    expect(apart.nodes.again!.type).toBe('group/clean-2')
    expect(Object.keys(apart.groups!)).toEqual(['clean', 'clean-2'])
    expect(stepKeys(apart)).toEqual(stepKeys(two))
    expect(unpackNode(apart, 'again')!.document.groups).toEqual(two.groups)
  })
})

describe('edits by whole ids', () => {
  const { document } = packed(chain, ['keep', 'narrow'])

  it('change the group that their nodes are in', () => {
    const edits = [
      { do: 'add', id: 'more', node: { type: 'prepare/pick', version: 3, params: {} }, beside: 'clean--narrow' },
      { do: 'unwire', from: 'clean--keep.table', to: 'clean--narrow.table' },
      { do: 'wire', from: 'clean--keep.table', to: 'more.table' },
      { do: 'set', node: 'clean--keep', param: 'limit', value: 2 },
    ] as const
    expect(levelOfEdits(document, edits)).toEqual(['clean'])
    const { nodes, edges } = applyEdits(document, edits).groups!.clean!
    expect(nodes.keep!.params).toEqual({ limit: 2 })
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toContain('keep.table more.table')
    expect(edges.map(({ to }) => to)).not.toContain('narrow.table')
  })

  it('have no level where they reach over the edge of a group', () => {
    const edits = [{ do: 'wire', from: 'load.table', to: 'clean--narrow.table' }] as const
    expect(levelOfEdits(document, edits)).toBeUndefined()
  })
})
