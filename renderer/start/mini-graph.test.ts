import { describe, expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { miniGraph } from './mini-graph.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const box = { width: 392, height: 148 }

describe('thumbnail of a pipeline', () => {
  it('has every node and wire, inside the box', () => {
    const graph = miniGraph(sampleDocument, cards, box)
    expect(graph.nodes).toHaveLength(12)
    expect(graph.wires).toHaveLength(sampleDocument.edges.length)
    for (const node of graph.nodes) {
      expect(node.x).toBeGreaterThanOrEqual(0)
      expect(node.x + graph.width).toBeLessThanOrEqual(box.width)
      expect(node.y).toBeGreaterThanOrEqual(0)
      expect(node.y + graph.height).toBeLessThanOrEqual(box.height)
    }
  })
  it('draws nothing for an empty pipeline', () => {
    expect(miniGraph(emptyDocument('x'), cards, box).nodes).toEqual([])
  })
})
