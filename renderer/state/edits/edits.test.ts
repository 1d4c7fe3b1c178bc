import { describe, expect, it } from 'vitest'
import { nodeSlug, slugOf } from '#graph/node-slug'
import { sampleCards } from '../../client/sample-cards.test-support.ts'
import { sampleDocument } from '../../client/sample-document.test-support.ts'
import { addNode } from './add-node.ts'
import { connect, disconnect, wireId, wireOfId } from './connect.ts'
import { emptyDocument } from './empty-document.ts'
import { moveNodes, placeOf } from './move-nodes.ts'
import { copyNodes, parseFragment, pasteNodes, printFragment } from './paste-nodes.ts'
import { refitFrames } from './refit-frames.ts'
import { removeNodes } from './remove-nodes.ts'
import { renameNode, setParameter } from './set-parameter.ts'

describe('ids', () => {
  it('makes readable slugs that are free', () => {
    expect(slugOf('Read file')).toBe('read-file')
    expect(slugOf('Évaluer: 3 × rapide!')).toBe('evaluer-3-rapide')
    expect(slugOf('42')).toBe('')
    expect(nodeSlug('Read file', { 'read-file': 1, 'read-file-2': 1 })).toBe('read-file-3')
    expect(nodeSlug('42', {})).toBe('node')
  })
  it('goes from a wire to its id and back', () => {
    const wire = { from: 'split.table', to: 'train.table' }
    expect(wireOfId(wireId(wire))).toEqual(wire)
  })
})

describe('edits', () => {
  it('adds nodes with defaults left out', () => {
    const { document, id } = addNode(emptyDocument('x'), sampleCards[0]!, [10.4, 20.6])
    expect(id).toBe('read-file')
    expect(document.nodes[id]).toEqual({ type: 'data/read-file', version: 1, params: {} })
    expect(document.layout[id]).toEqual([10, 21])
  })

  it('removes a node with its wires, its place and the inputs that name it', () => {
    const document = removeNodes(sampleDocument, new Set(['read']))
    expect(document.edges.some((edge) => edge.from.startsWith('read.'))).toBe(false)
    expect(document.layout.read).toBeUndefined()
    expect(document.inputs).toEqual({})
    expect(document.edges).toHaveLength(sampleDocument.edges.length - 2)
  })

  it('replaces the wires it is told to and never draws one twice', () => {
    const old = { from: 'split.table', to: 'train.table' }
    const wire = { from: 'validate.table', to: 'train.table' }
    const document = connect(sampleDocument, wire, [old])
    expect(document.edges.filter((edge) => edge.to === 'train.table')).toEqual([wire])
    expect(connect(document, wire).edges).toHaveLength(document.edges.length)
    expect(disconnect(document, [wire]).edges.some((edge) => edge.to === 'train.table')).toBe(false)
  })

  it('gives a parameter back to its default, and a title to its type', () => {
    const set = setParameter(sampleDocument, 'train', 'penalty', 3)
    expect(set.nodes.train?.params).toEqual({ penalty: 3 })
    expect(setParameter(set, 'train', 'penalty', undefined).nodes.train?.params).toEqual({})
    expect(renameNode(renameNode(sampleDocument, 'train', ' A '), 'train', '  ').nodes.train).not.toHaveProperty(
      'title',
    )
  })

  it('pastes copies with the wires among them', () => {
    const fragment = copyNodes(sampleDocument, new Set(['split', 'train']))
    const read = parseFragment(printFragment(fragment))
    const { document, ids } = pasteNodes(sampleDocument, read!, [10, 20])
    expect(ids).toEqual(['split-2', 'train-2'])
    expect(document.edges).toContainEqual({ from: 'split-2.table', to: 'train-2.table' })
    expect(document.edges).toHaveLength(sampleDocument.edges.length + 1)
    expect(document.layout['train-2']).toEqual([1210, 60])
    expect(parseFragment('{"nodes": {}}')).toBeNull()
    expect(parseFragment('loans')).toBeNull()
  })

  it('finds a place below the others for nodes without one', () => {
    const { read: _, ...layout } = sampleDocument.layout
    const [, y] = placeOf({ ...sampleDocument, layout }, 'read')
    expect(y).toBeGreaterThan(Math.max(...Object.values(layout).map(([, v]) => v)))
  })

  it('puts frames around the nodes they held', () => {
    const moved = moveNodes(sampleDocument, { read: [1000, 500], schema: [1300, 700], validate: [1300, 500] })
    const { frames } = refitFrames(sampleDocument, moved, () => ({ width: 200, height: 100 }))
    expect(frames).toEqual([{ ...sampleDocument.frames[0], x: 980, y: 466, width: 540, height: 354 }])
  })
})
