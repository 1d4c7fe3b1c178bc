import { describe, expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { moveNodes } from '../state/edits/move-nodes.ts'
import { flowNodes, flowWires, insideFrame } from './flow-nodes.ts'
import { wirePath } from './wire-path.ts'

const none = new Set<string>()
const cards = new Map(sampleCards.map((card) => [card.type, card]))

describe('nodes on the canvas', () => {
  it('stay the same objects unless they moved or were selected', () => {
    const first = flowNodes(sampleDocument, none, [])
    const again = flowNodes({ ...sampleDocument, name: 'Other' }, none, first)
    expect(again.every((node, index) => node === first[index])).toBe(true)
    const moved = flowNodes(moveNodes(sampleDocument, { train: [5, 6] }), new Set(['split']), first)
    const changed = moved.filter((node) => !first.includes(node)).map((node) => node.id)
    expect(changed.sort()).toEqual(['split', 'train'])
    expect(moved.find((node) => node.id === 'train')?.position).toEqual({ x: 5, y: 6 })
  })

  it('have frames behind them and notes among them', () => {
    const nodes = flowNodes(sampleDocument, none, [])
    expect(nodes[0]).toMatchObject({ id: 'frame:0', type: 'frame', zIndex: -1 })
    expect(nodes.at(-1)).toMatchObject({ id: 'note:0', type: 'note' })
  })

  it('go along with a frame when they lie inside it', () => {
    const nodes = flowNodes(sampleDocument, none, [])
    const inside = insideFrame(nodes, nodes[0]!).map((node) => node.id)
    expect(inside).toEqual(['read', 'schema', 'validate'])
  })
})

describe('wires on the canvas', () => {
  it('have the type of the port they come from', () => {
    const wires = flowWires(sampleDocument, cards, new Set(['train.model→shap.model']))
    const wire = wires.find((one) => one.target === 'shap' && one.source === 'train')
    expect(wire).toMatchObject({
      sourceHandle: 'model',
      targetHandle: 'model',
      data: { type: 'model' },
      selected: true,
    })
    expect(wires).toHaveLength(sampleDocument.edges.length)
  })

  it('run level between the nodes when they have to go back', () => {
    expect(wirePath(0, 0, 300, 100)).toMatch(/^M0 0C/)
    expect(wirePath(300, 0, 100, 200)).toContain('100H')
    expect(wirePath(300, 0, 100, 10)).toContain('80H')
  })
})
