import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Explanation, Model, PortValue, ReportBlock, Table } from '#contract'
import { textTruth } from '#ml/sample/texts'
import quantize from '../../optimise/quantize/node.ts'
import prepare from '../../prepare/prepare/node.ts'
import boosting from '../../train/boosting/node.ts'
import linear from '../../train/linear/node.ts'
import network from '../../train/neural-network/node.ts'
import { type Params, splitPieces, train as trainOn } from '../testing-explained.ts'
import node from './node.ts'

let scratch: Scratch
const tables: Record<string, Table> = {}
beforeAll(async () => {
  scratch = await openScratch({ seed: 5 })
  for (const set of ['texts', 'images'] as const) tables[set] = await splitPieces(scratch, set, 500)
})
afterAll(() => scratch.close())

const train = (set: string, learner: AnyNode, params: Params, more: Readonly<Record<string, PortValue>> = {}) =>
  trainOn(scratch, learner, tables[set]!, params, more)
async function explain(set: string, model: Model, params: Params) {
  const { outputs, blocks, card } = await runNode(scratch, node as AnyNode, { model, table: tables[set]! }, params)
  return { explanation: outputs['explanation'] as Explanation, blocks, card: card!.text }
}
const total = (parts: readonly { readonly contribution: number }[]) =>
  parts.reduce((sum, { contribution }) => sum + contribution, 0)
const words = (blocks: readonly ReportBlock[]) => blocks.filter(({ block }) => block === 'words')

/** The words that push a topic most are its own, not what all messages say. */
function expectOwnWords({ people }: Explanation) {
  const own: Readonly<Record<string, { things: readonly string[]; happenings: readonly string[] }>> = textTruth.topics
  let right = 0
  for (const { parts, class: topic } of people) {
    const strongest = [...parts!].sort((a, b) => b.contribution - a.contribution)[0]!.text.toLowerCase()
    const { things, happenings } = own[topic!]!
    right += Number([...things, ...happenings].some((phrase) => phrase.toLowerCase().includes(strongest)))
  }
  expect(right).toBeGreaterThanOrEqual(people.length - 1)
}

describe('texts', () => {
  const inOrder = [
    { kind: 'embedding', units: 8 },
    { kind: 'sequence convolution', units: 8, size: 3 },
    { kind: 'activation', function: 'tanh' },
    { kind: 'sequence maximum' },
  ]
  const prepared = async () => {
    const params = { longTexts: 'words', mostTerms: 200, mostWords: 2, termRows: 3 }
    return (await runNode(scratch, prepare as AnyNode, { table: tables['texts']! }, params)).outputs['preparation']!
  }

  test.each([
    ['linear', linear as AnyNode, { folds: 0 }, 'Linear SHAP'],
    ['boosting', boosting as AnyNode, { rounds: 15 }, 'Tree SHAP, path-dependent'],
  ])('weighted words of %s are explained exactly, and marked in the text', async (_, learner, params, method) => {
    const model = await train('texts', learner, params, { preparation: await prepared() })
    const { explanation, blocks } = await explain('texts', model, { mostTreeRows: 40 })
    expect(explanation).toMatchObject({ method, space: 'margin', gap: 1e-9 })
    expect(explanation.features.map(({ feature }) => feature)).toContain('card')
    expect(explanation.people).toHaveLength(model.classes!.length)
    expectOwnWords(explanation)
    expect(JSON.stringify(blocks)).toContain('Words that count most')
    expect(JSON.stringify(blocks)).not.toMatch(/person|people/)
    const [block] = words(blocks) as Extract<ReportBlock, { block: 'words' }>[]
    expect(block!.parts.map(({ text }) => text).join('').length).toBeGreaterThan(10)
    expect(words(blocks)).toHaveLength(model.classes!.length)
    expect(block!.note).toContain('Words that are not in it')
  })

  test.each([
    ['their mean', {}, 0.003],
    ['their order', { design: 'own', layers: inOrder }, 0.02],
  ] as const)('a network on words by %s is differentiated by their vectors', async (_, design, slack) => {
    const model = await train('texts', network as AnyNode, { epochs: 12, ...(design as Params) })
    const { explanation, blocks } = await explain('texts', model, { mostEstimatedRows: 25 })
    expect(explanation).toMatchObject({ method: 'Expected gradients', space: 'margin' })
    expect(explanation.gap).toBeLessThan(slack)
    expect(explanation.how).toContain('by the vectors of its words; 128 points on the way from the text without words')
    expectOwnWords(explanation)
    expect((words(blocks)[0] as { note?: string }).note).not.toContain('not in it')
  })

  test('where the mean of words goes straight to the margins, a word pushes as much wherever it stands', async () => {
    const layers = [{ kind: 'word mean', units: 8 }]
    const model = await train('texts', network as AnyNode, { epochs: 12, design: 'own', layers })
    const { explanation } = await explain('texts', model, { mostEstimatedRows: 25, points: 1 })
    expect(explanation.gap).toBeLessThan(1e-5)
    for (const { parts } of explanation.people) {
      const pushes = Map.groupBy(parts!, ({ text }) => text.toLowerCase())
      for (const same of pushes.values())
        for (const { contribution } of same) expect(contribution).toBeCloseTo(same[0]!.contribution, 6)
    }
  })

  test('a network on words can be explained by leaving words out too, to what the file says', async () => {
    const model = await train('texts', network as AnyNode, { epochs: 12 })
    const params = { mostEstimatedRows: 25, samples: 128, method: 'partition' }
    const { explanation } = await explain('texts', model, params)
    expect(explanation).toMatchObject({ method: 'Partition SHAP', space: 'probability' })
    // the file is scored in batches of other sizes, whose 32 bits differ in the last
    expect(explanation.gap).toBeLessThan(1e-6)
    for (const { parts, base, score } of explanation.people) expect(base! + total(parts!)).toBeCloseTo(score, 6)
    expectOwnWords(explanation)
    const again = (await explain('texts', model, { ...params, method: 'permutation', mostEstimatedRows: 4 }))
      .explanation
    expect(again.gap).toBeLessThan(1e-6)
    expect(again.classes).toHaveLength(4)
  })

  test('a text without words starts and ends at the base', async () => {
    const model = await train('texts', network as AnyNode, { epochs: 1 })
    const table = tables['texts']!
    const frame = await scratch.context.tables.read(table)
    const columns = frame.columns.map((column) =>
      column.name === 'message'
        ? { ...column, cells: { kind: 'text' as const, codes: new Int32Array(frame.rows), levels: ['?!'] } }
        : column,
    )
    const empty = await scratch.context.tables.write({ ...frame, columns })
    const { outputs } = await runNode(scratch, node as AnyNode, { model, table: empty }, { mostEstimatedRows: 3 })
    const { features, gap } = outputs['explanation'] as Explanation
    expect(features).toEqual([])
    expect(gap).toBeLessThan(1e-6)
  })
})

describe('pictures', () => {
  test('a network is differentiated pixel by pixel, a quantized one too, or loses cells where that is chosen', async () => {
    const model = await train('images', network as AnyNode, { design: 'own', layers: [], epochs: 4 })
    const params = { mostEstimatedRows: 25, background: 10, points: 4 }
    const { explanation, blocks, card } = await explain('images', model, params)
    expect(card).toMatch(/^Looks most at \*\*row \d+, column \d+\*\* · expected gradients, adds up$/)
    expect(explanation).toMatchObject({ method: 'Expected gradients', space: 'margin' })
    // without layers the margins are linear in the pixels: one point would do, and 32 bits are all that is lost
    expect(explanation.gap).toBeLessThan(1e-5)
    expect(explanation.cells).toMatchObject({ rows: 16, columns: 16 })
    const pictures = blocks.flatMap((block) =>
      block.block === 'chart' && block.chart.type === 'picture' ? [block.chart] : [],
    )
    expect(pictures).toHaveLength(1 + explanation.people.length)
    expect(pictures[1]!.picture!.bytes).toHaveLength(256)
    expect(blocks.some(({ block }) => block === 'table')).toBe(false)
    const [person] = explanation.people
    expect(total(person!.contributions)).toBeCloseTo(
      person!.picture!.values.reduce((sum, value) => sum + value, 0),
      2,
    )

    const smaller = (await runNode(scratch, quantize as AnyNode, { model, table: tables['images']! }, { mostLoss: 1 }))
      .outputs
    const small = await explain('images', smaller['model'] as Model, params)
    expect(small.explanation).toMatchObject({ method: 'Expected gradients', space: 'margin' })
    expect(small.explanation.how).toContain('its rounding taken as none')
    expect(small.explanation.gap).toBeLessThan(0.02)
    expect(small.explanation.cells).toMatchObject({ rows: 16, columns: 16 })
    const asked = { mostEstimatedRows: 4, samples: 60, method: 'partition' }
    const masked = await explain('images', smaller['model'] as Model, asked)
    expect(masked.explanation).toMatchObject({ method: 'Partition SHAP', space: 'probability' })
    expect(masked.explanation.gap).toBeLessThan(1e-6)
    expect(masked.explanation.cells).toMatchObject({ rows: 8, columns: 8 })
  })

  test('gradients that miss what the model says by too much give way to its scores', async () => {
    const model = await train('images', network as AnyNode, { epochs: 5 })
    const params = { mostEstimatedRows: 6, background: 2, points: 1, samples: 40 }
    const { explanation } = await explain('images', model, params)
    expect(explanation.method).toBe('Partition SHAP')
    expect(explanation.how).toMatch(/^Picked since gradients miss what the model says by up to 0\.\d+/)
    expect(explanation.gap).toBeLessThan(1e-6)
    const chosen = (await explain('images', model, { ...params, method: 'expected-gradients' })).explanation
    expect(chosen.method).toBe('Expected gradients')
    expect(chosen.gap).toBeGreaterThan(0.02)
  })

  test('layers that bend are integrated: more points add up more exactly', async () => {
    const model = await train('images', network as AnyNode, { epochs: 1 })
    const gap = async (points: number) =>
      (await explain('images', model, { mostEstimatedRows: 3, background: 4, points })).explanation.gap!
    const [few, many] = [await gap(2), await gap(24)]
    expect(many).toBeLessThan(few)
    expect(many).toBeLessThan(0.01)
  })
})
