import { describe, expect, it } from 'vitest'
import { portTypes } from '#contract'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { connect } from './edits/connect.ts'
import { fittingInput, fittingOutput, judgeWire } from './judge-wire.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const judge = (from: string, to: string, document = sampleDocument) => judgeWire(document, cards, { from, to })

describe('wires', () => {
  it('takes the place of the wire at an input for one, and joins others where many fit', () => {
    const single = judge('validate.table', 'train.table')
    expect(single).toEqual({ ok: true, replaces: [{ from: 'split.table', to: 'train.table' }] })
    expect(judge('evaluate.evaluation', 'report.evaluations')).toEqual({ ok: true, replaces: [] })
  })

  it('says both types when they differ, for every pair of types', () => {
    const outputs = sampleCards.flatMap((card) =>
      Object.entries(card.outputs).map(([name, port]) => ({ card, name, port })),
    )
    const inputs = sampleCards.flatMap((card) =>
      Object.entries(card.inputs).map(([name, port]) => ({ card, name, port })),
    )
    for (const output of outputs)
      for (const input of inputs) {
        const nodes = {
          a: { type: output.card.type, version: 1, params: {} },
          b: { type: input.card.type, version: 1, params: {} },
        }
        const answer = judge(`a.${output.name}`, `b.${input.name}`, { ...sampleDocument, nodes, edges: [] })
        expect(answer.ok).toBe(output.port.type === input.port.type)
        if (!answer.ok) {
          expect(answer.reason).toContain(output.port.type)
          expect(answer.reason).toContain(input.port.type)
        }
      }
    expect(portTypes.length).toBeGreaterThan(5)
  })

  it('refuses a circle, also one through other nodes, and a node wired to itself', () => {
    for (const [from, to] of [
      ['split.table', 'validate.table'],
      ['split.table', 'split.table'],
    ] as const) {
      const answer = judge(from, to)
      expect(answer.ok).toBe(false)
      if (!answer.ok) expect(answer.reason).toMatch(/wait for itself/)
    }
  })

  it('refuses ports that are not there', () => {
    expect(judge('split.nothing', 'train.table').ok).toBe(false)
    expect(judge('nobody.table', 'train.table').ok).toBe(false)
  })

  it('finds the port of a node for a loose wire, free ones first', () => {
    expect(fittingInput(sampleDocument, cards, 'train.model', 'evaluate')).toBe('evaluate.baseline')
    const full = connect(sampleDocument, { from: 'train.model', to: 'evaluate.baseline' })
    expect(fittingInput(full, cards, 'train.model', 'evaluate')).toBe('evaluate.model')
    expect(fittingInput(sampleDocument, cards, 'train.model', 'split')).toBeUndefined()
    expect(fittingOutput(sampleDocument, cards, 'gate.evaluations', 'evaluate')).toBe('evaluate.evaluation')
    expect(fittingOutput(sampleDocument, cards, 'gate.evaluations', 'split')).toBeUndefined()
  })
})
