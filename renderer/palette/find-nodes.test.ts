import { describe, expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { findNodes, takesWire } from './find-nodes.ts'
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
    const first = findNodes(sampleCards, '', (type) => (type === 'release/gate' ? 5 : 0))[0]
    expect(first?.title).toBe('Gate')
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
