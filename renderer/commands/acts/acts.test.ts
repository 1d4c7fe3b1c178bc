import { describe, expect, it } from 'vitest'
import { checkWires } from '#graph/check-wires'
import { sampleCards } from '../../client/sample-cards.test-support.ts'
import { sampleDocument } from '../../client/sample-document.test-support.ts'
import { firstPipeline } from './drop-file.ts'
import { neighbour } from './move-selection.ts'
import { freePath } from './open-pipeline.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))

describe('a dropped table', () => {
  it('becomes a pipeline that reads, infers, validates and splits it, with no port left open', () => {
    const document = firstPipeline(cards, 'loans', 'data/loans.csv')
    expect(document.nodes['read-file']?.params).toEqual({ path: 'data/loans.csv' })
    expect(Object.keys(document.nodes)).toEqual(['read-file', 'infer-schema', 'validate-schema', 'split', 'profile'])
    expect(checkWires(document, cards)).toEqual([])
  })

  it('does with the nodes there are', () => {
    const few = new Map([...cards].filter(([type]) => type !== 'data/validate-schema'))
    const document = firstPipeline(few, 'loans', 'loans.csv')
    expect(document.edges).toEqual([{ from: 'read-file.table', to: 'infer-schema.table' }])
  })
})

describe('file names', () => {
  it('are free', () => {
    expect(freePath('New pipeline', new Set(['new-pipeline.plumb.json']))).toBe('new-pipeline-2.plumb.json')
    expect(freePath('2026', new Set())).toBe('pipeline.plumb.json')
  })
})

describe('arrow keys', () => {
  it('go to the node that lies nearest in their direction', () => {
    expect(neighbour(sampleDocument, 'read', 'right')).toBe('schema')
    expect(neighbour(sampleDocument, 'fairness', 'up')).toBe('evaluate')
    expect(neighbour(sampleDocument, 'fairness', 'down')).toBe('shap')
    expect(neighbour(sampleDocument, 'read', 'left')).toBeUndefined()
  })
})
