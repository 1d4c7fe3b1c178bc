import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '#graph/apply-edits'
import { sampleCards } from '../../client/sample-cards.test-support.ts'
import { sampleDocument } from '../../client/sample-document.test-support.ts'
import { findAdapters } from '../find-adapters.ts'
import { judgeWire } from '../judge-wire.ts'
import { addNode } from './add-node.ts'
import { connect, disconnect } from './connect.ts'
import { copyNodes, pasteNodes } from './paste-nodes.ts'
import { removeKeepingChain } from './remove-keeping-chain.ts'
import { replaceNode } from './replace-node.ts'
import { isLoose, spliceNode } from './splice-node.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const cardOf = (type: string) => cards.get(type)!
const wires = (document: typeof sampleDocument) => document.edges.map(({ from, to }) => `${from} ${to}`)

describe('putting a node into a wire', () => {
  const wire = { from: 'validate.table', to: 'split.table' }

  it('joins both ends where the ports fit', () => {
    const { document, id } = addNode(sampleDocument, cardOf('data/split'), [0, 0])
    expect(isLoose(document, id)).toBe(true)
    const spliced = spliceNode(document, cards, id, wire)!
    expect(wires(spliced)).toEqual(expect.arrayContaining([`validate.table ${id}.table`, `${id}.table split.table`]))
    expect(wires(spliced)).not.toContain('validate.table split.table')
    expect(isLoose(spliced, id)).toBe(false)
  })

  it('refuses where they do not, and for an end of the wire itself', () => {
    const { document, id } = addNode(sampleDocument, cardOf('fairness/audit'), [0, 0])
    expect(spliceNode(document, cards, id, wire)).toBeUndefined()
    expect(spliceNode(sampleDocument, cards, 'split', wire)).toBeUndefined()
  })
})

describe('replacing a node', () => {
  it('keeps wires to ports of the same name and type, and the parameters both have', () => {
    const before = {
      ...sampleDocument,
      nodes: {
        ...sampleDocument.nodes,
        train: { type: 'train/linear', version: 1, title: 'Mine', params: { penalty: 3, target: 'approved' } },
      },
    }
    const same = replaceNode(before, cards, 'train', cardOf('train/linear'))
    expect(same.nodes).toEqual(before.nodes)
    expect(wires(same).sort()).toEqual(wires(before).sort())
    const other = { ...cardOf('train/linear'), type: 'train/other', params: { properties: { target: {} } } }
    const replaced = replaceNode(before, cards, 'train', other)
    expect(replaced.nodes.train).toEqual({
      type: 'train/other',
      version: 1,
      title: 'Mine',
      params: { target: 'approved' },
    })
    expect(wires(replaced).sort()).toEqual(wires(before).sort())
  })

  it('drops wires that nothing takes', () => {
    const replaced = replaceNode(sampleDocument, cards, 'train', cardOf('data/split'))
    expect(wires(replaced).filter((text) => /\btrain\./.test(text))).toEqual(['split.table train.table'])
  })
})

describe('deleting and keeping the chain', () => {
  it('joins what stood before with what stood behind', () => {
    const without = removeKeepingChain(sampleDocument, cards, new Set(['validate']))
    expect(wires(without)).toEqual(expect.arrayContaining(['read.table split.table', 'read.table profile.table']))
    const both = removeKeepingChain(sampleDocument, cards, new Set(['validate', 'split']))
    expect(wires(both)).toContain('read.table train.table')
  })

  it('leaves only legal wires, whatever is removed', () => {
    const ids = Object.keys(sampleDocument.nodes)
    fc.assert(
      fc.property(fc.subarray(ids), (removed) => {
        const left = removeKeepingChain(sampleDocument, cards, new Set(removed))
        expect(Object.keys(left.nodes)).toEqual(ids.filter((id) => !removed.includes(id)))
        for (const wire of left.edges) expect(judgeWire(disconnect(left, [wire]), cards, wire).ok).toBe(true)
      }),
    )
  })
})

describe('adapters', () => {
  it('are nodes that turn one type into another, the simplest first', () => {
    const [first] = findAdapters(sampleCards, 'table', 'model')
    expect(first?.type).toBe('train/linear')
    expect(findAdapters(sampleCards, 'release', 'table')).toEqual([])
    for (const card of findAdapters(sampleCards, 'model', 'evaluation'))
      expect(Object.values(card.inputs).map(({ type }) => type)).toContain('model')
  })
})

describe('assertions on a wire', () => {
  const wire = { from: 'validate.table', to: 'split.table' }
  const assertions = [{ metric: 'rows', operator: '>=', limit: 100 }] as const
  const asserted = applyEdits(sampleDocument, [{ do: 'assert', ...wire, assertions }])
  const from = (document: typeof sampleDocument, node: string) =>
    document.edges.filter((edge) => edge.assertions).map((edge) => [edge.from === `${node}.table`, edge.to])

  it('stay with what comes from their source, whatever is done to the node behind', () => {
    const { document, id } = addNode(asserted, cardOf('data/split'), [0, 0])
    const spliced = spliceNode(document, cards, id, wire)!
    expect(from(spliced, 'validate')).toEqual([[true, `${id}.table`]])
    expect(from(removeKeepingChain(spliced, cards, new Set([id])), 'validate')).toEqual([[true, 'split.table']])
    expect(from(replaceNode(asserted, cards, 'split', cardOf('data/split')), 'validate')).toEqual([
      [true, 'split.table'],
    ])
    expect(connect(asserted, wire)).toEqual(asserted)
    const pasted = pasteNodes(asserted, copyNodes(asserted, new Set(['validate', 'split'])), [0, 0])
    expect(pasted.document.edges.filter((edge) => edge.assertions)).toHaveLength(2)
  })
})
