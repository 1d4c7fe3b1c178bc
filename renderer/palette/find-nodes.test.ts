import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { findNodes, goesOn, takesWire } from './find-nodes.ts'
import { fuzzyScore } from './fuzzy.ts'

const titles = (query: string) => findNodes(sampleCards, query).map((card) => card.title)

describe('finding nodes', () => {
  it('puts the title that begins with the query first', () => {
    expect(titles('fair')[0]).toBe('Fairness')
    expect(titles('split')).toEqual(['Split'])
    expect(titles('rf')).toContain('Read file')
    expect(titles('four-fifths')).toEqual(['Fairness'])
    expect(titles('')).toHaveLength(sampleCards.length)
    expect(titles('xyzzy')).toEqual([])
  })

  it('lets habits decide between equals', () => {
    const first = findNodes(sampleCards, '', ({ type }) => (type === 'release/gate' ? 5 : 0))[0]
    expect(first?.title).toBe('Gate')
  })

  it('looks into the doc for whole words, in any order', () => {
    const card = { ...sampleCards[0]!, doc: 'Sets people apart by household.', title: 'X', keywords: [], type: 'x/x' }
    const found = (query: string) => findNodes([card], query).length
    expect([found('household'), found('apart people'), found('houses'), found('by')]).toEqual([1, 1, 0, 0])
  })

  it('knows what goes on from here', () => {
    const byType = new Map(sampleCards.map((card) => [card.type, card]))
    const titlesOf = (nodes: PipelineDocument['nodes'], selected: string | null) =>
      sampleCards.filter((card) => goesOn(card, { nodes }, byType, selected)).map(({ title }) => title)
    const nodes = { rows: { type: 'data/read-file' as const, version: 1, params: {} } }
    expect(titlesOf({}, null)).toContain('Read file')
    expect(titlesOf({}, null)).not.toContain('Split')
    expect(titlesOf(nodes, null)).toContain('Split')
    expect(titlesOf(nodes, null)).not.toContain('Read file')
    expect(titlesOf(nodes, 'rows')).toContain('Split')
    expect(titlesOf(nodes, 'rows')).not.toContain('Gate')
  })

  it('knows which nodes take a loose wire', () => {
    const takers = sampleCards.filter((card) => takesWire(card, 'from', 'model')).map((card) => card.title)
    expect(takers).toContain('Fairness')
    expect(takers).not.toContain('Split')
    expect(sampleCards.filter((card) => takesWire(card, 'to', 'release')).map((card) => card.title)).toEqual(['Gate'])
  })
})

describe('fuzzy search', () => {
  it('ranks the whole over a beginning over a word over letters', () => {
    const scores = ['split', 'splitter', 'data split', 'unsplit'].map((text) => fuzzyScore('split', text))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(scores.at(-1)).toBeGreaterThan(0)
    expect(fuzzyScore('lnr', 'Linear model')).toBeGreaterThan(0)
    expect(fuzzyScore('zzz', 'Linear model')).toBe(0)
  })
})
