import { describe, expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { moveNodes } from '../state/edits/move-nodes.ts'
import { flowNodes, insideFrame } from './flow-nodes.ts'
import { cardPlaces, samePlaces, wireLines } from './wire-lines.ts'
import { wirePath } from './wire-path.ts'

const none = new Set<string>()
const cards = new Map(sampleCards.map((card) => [card.type, card]))

describe('nodes on the canvas', () => {
  it('stay the same objects unless they moved or were selected', () => {
    const first = flowNodes(sampleDocument, none, [], cards)
    const again = flowNodes({ ...sampleDocument, name: 'Other' }, none, first, cards)
    expect(again.every((node, index) => node === first[index])).toBe(true)
    const moved = flowNodes(moveNodes(sampleDocument, { train: [5, 6] }), new Set(['split']), first, cards)
    const changed = moved.filter((node) => !first.includes(node)).map((node) => node.id)
    expect(changed.sort()).toEqual(['split', 'train'])
    expect(moved.find((node) => node.id === 'train')?.position).toEqual({ x: 5, y: 6 })
  })

  it('know their ports before they are drawn, and learn of others', () => {
    const first = flowNodes(sampleDocument, none, [], new Map())
    expect(first.find((node) => node.id === 'train')?.handles).toEqual([])
    const nodes = flowNodes(sampleDocument, none, first, cards)
    const train = nodes.find((node) => node.id === 'train')!
    const card = cards.get(sampleDocument.nodes.train!.type)!
    const ports = [...Object.keys(card.inputs), ...Object.keys(card.outputs)]
    expect(train.handles?.map(({ id }) => id)).toEqual(ports)
    expect(train.handles?.find(({ type }) => type === 'source')).toMatchObject({ x: 188, y: 20, width: 20 })
    expect(flowNodes(sampleDocument, none, nodes, cards)).toEqual(nodes)
  })

  it('have frames behind them and notes among them', () => {
    const nodes = flowNodes(sampleDocument, none, [], cards)
    expect(nodes[0]).toMatchObject({ id: 'frame:0', type: 'frame', zIndex: -1 })
    expect(nodes.at(-1)).toMatchObject({ id: 'note:0', type: 'note' })
  })

  it('go along with a frame when they lie inside it', () => {
    const nodes = flowNodes(sampleDocument, none, [], cards)
    const inside = insideFrame(nodes, nodes[0]!).map((node) => node.id)
    expect(inside).toEqual(['read', 'schema', 'validate'])
  })
})

describe('wires on the canvas', () => {
  it('have the type of the port they come from and begin and end at their ports', () => {
    const lines = wireLines(sampleDocument, cards)
    expect(lines).toHaveLength(sampleDocument.edges.length)
    const line = lines.find(({ id }) => id === 'split.table→shap.table')
    expect(line).toMatchObject({ source: 'split', target: 'shap', type: 'table', sourceY: 30 })
    expect(line!.targetY - lines.find(({ id }) => id === 'train.model→shap.model')!.targetY).not.toBe(0)
  })

  it('follow cards that are being dragged', () => {
    const nodes = flowNodes(sampleDocument, none, [], cards)
    const dragged = nodes.map((node) => (node.id === 'train' ? { ...node, position: { x: 7, y: 8 } } : node))
    expect(cardPlaces(sampleDocument, dragged).get('train')).toEqual({ x: 7, y: 8, right: 205 })
    expect(cardPlaces(sampleDocument, []).get('train')).toEqual({ x: 1200, y: 40, right: 1398 })
  })

  it('are drawn anew only where one of their cards moved', () => {
    const nodes = flowNodes(sampleDocument, none, [], cards)
    const before = cardPlaces(sampleDocument, nodes)
    const moved = nodes.map((node) => (node.id === 'train' ? { ...node, position: { x: 7, y: 8 } } : node))
    const now = cardPlaces(sampleDocument, moved, before)
    const lines = wireLines(sampleDocument, cards)
    for (const line of lines)
      expect(samePlaces([line], before, now)).toBe(line.source !== 'train' && line.target !== 'train')
    expect(samePlaces(lines, before, cardPlaces(sampleDocument, nodes, before))).toBe(true)
  })

  it('run level between the nodes when they have to go back', () => {
    expect(wirePath(0, 0, 300, 100)).toMatch(/^M0 0C/)
    expect(wirePath(300, 0, 100, 200)).toContain('100H')
    expect(wirePath(300, 0, 100, 10)).toContain('80H')
  })
})
