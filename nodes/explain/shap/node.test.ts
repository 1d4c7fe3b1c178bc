import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Explanation, Frame, Model, Problem, ReportBlock, Table } from '#contract'
import { columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import boosting from '../../train/boosting/node.ts'
import linear from '../../train/linear/node.ts'
import { hash, type Params, problemsOf, splitLoans, train as trainOn } from '../testing-explained.ts'
import node from './node.ts'

let scratch: Scratch
let loans: Table
let frame: Frame
let model: Model

const train = (params: Params = {}, table = loans) =>
  trainOn(scratch, linear as AnyNode, table, { folds: 0, ...params })
async function explain(of: Model, given: Record<string, unknown> = {}, table = loans): Promise<Explanation> {
  const { explanation } = await node.run({
    inputs: { model: of, table },
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse(given),
    context: scratch.context,
  })
  return explanation
}
const blocksOf = (explanation: Explanation, of: Model): Promise<readonly ReportBlock[]> =>
  node.report!({
    inputs: { model: of, table: loans },
    outputs: { explanation },
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse({}),
    context: scratch.context,
  })

beforeAll(async () => {
  scratch = await openScratch()
  frame = splitLoans(1_500)
  loans = await scratch.context.tables.write(frame)
  model = await train()
})
afterAll(() => scratch.close())

describe('two classes', () => {
  test('sound reasons point the way they were made, text is mixed', async () => {
    const explanation = await explain(model)
    expect(explanation).toMatchObject({ method: 'Linear SHAP', space: 'log-odds', model: hash('b'), table: hash('c') })
    const direction = (name: string) => explanation.features.find(({ feature }) => feature === name)!.direction
    expect([direction('income'), direction('debt_ratio'), direction('postcode')]).toEqual([
      'higher-helps',
      'higher-hurts',
      'mixed',
    ])
    const sizes = explanation.features.map(({ importance }) => importance)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    expect(explanation.features.map(({ feature }) => feature)).not.toContain('age_group')
  })

  test('the person is refused, from the group that is refused most, and adds up to the served score', async () => {
    const explanation = await explain(model)
    const [person] = explanation.people
    const ages = columnOf(frame, 'age_group').cells
    expect(ages.kind === 'text' && ages.levels[ages.codes[person!.row]!]).toBe('60+')
    expect(person).toMatchObject({ outcome: 'not approved', id: `A${String(person!.row + 1).padStart(5, '0')}` })
    expect(person!.score).toBeLessThan(0.5)
    const sum = person!.contributions.reduce((total, { contribution }) => total + contribution, explanation.base)
    expect(sum).toBeCloseTo(Math.log(person!.score / (1 - person!.score)), 9)
    expect(person!.note).toMatch(/^Of the 50 people outside age( group)? .* are predicted approved\.$/)
    const scores = (await scratch.context.models.score(model, frame)).values
    expect(person!.score).toBe(scores[2 * person!.row + 1])
  })

  test('with the other class as positive everything changes sign', async () => {
    const other = await train({ positive: 'no' })
    const [one, turned] = [await explain(model), await explain(other, { who: 'named', person: 'A00007' })]
    expect(turned.base).toBeCloseTo(-one.base, 9)
    const named = (await explain(model, { who: 'named', person: '7' })).people[0]!
    expect(turned.people[0]!.row).toBe(6)
    turned.people[0]!.contributions.forEach(({ feature, contribution }) => {
      const same = named.contributions.find((reason) => reason.feature === feature)!
      expect(contribution).toBeCloseTo(-same.contribution, 9)
    })
    expect(turned.people[0]!.score).toBeCloseTo(1 - named.score, 12)
    expect(turned.features[0]!.feature).toBe(one.features[0]!.feature)
  })

  test('a sample of the rows is drawn by the seed; same seed, same bytes', async () => {
    const [one, again] = [await explain(model, { mostRows: 100 }), await explain(model, { mostRows: 100 })]
    expect(one.rows).toBe(100)
    expect(JSON.stringify(one)).toBe(JSON.stringify(again))
    expect((await explain(model, { who: 'none' })).people).toEqual([])
  })

  test('report and card', async () => {
    const explanation = await explain(model)
    const card = node.card!({ inputs: { model, table: loans }, outputs: { explanation }, params: {} as never })
    expect(card.text).toMatch(/^\*\*[a-z ]+\*\* counts most/)
    expect(card.picture).toMatchObject({ type: 'rows' })
    const blocks = await blocksOf(explanation, model)
    expect(blocks.map((block) => (block.block === 'chart' ? block.chart.type : block.block))).toEqual([
      ...['heading', 'bars', 'table', 'swarm', 'scatter', 'scatter', 'scatter', 'scatter', 'text', 'text'],
      ...['person', 'waterfall'],
    ])
    expect(JSON.stringify(blocks.at(-2))).toContain('not approved (score 0.')
  })

  test('its charts know their rows: every explained one with what it was pushed', async () => {
    const explanation = await explain(model)
    const { points, pointRows, pushes, people } = explanation
    const said = await scratch.context.tables.read(pushes!)
    const numbersOf = (name: string) => {
      const { cells } = columnOf(said, name)
      return cells.kind === 'number' ? cells.values : new Float64Array(0)
    }
    expect(said.rows).toBe(explanation.rows)
    const at = pointRows!.map((place) => numbersOf('row').indexOf(place))
    for (const { feature, contributions, values } of points!) {
      const own = numbersOf(`push of ${feature}`)
      expect(at.map((row) => Number(own[row]!.toPrecision(5)))).toEqual(contributions)
      if (typeof values[0] === 'number')
        expect(Array.from(at, (row) => numbersOf(`value of ${feature}`)[row])).toEqual(
          values.map((value) => value ?? Number.NaN),
        )
    }
    const charts = (await blocksOf(explanation, model)).filter((block) => block.block === 'chart')
    const [swarm, scatter] = ['swarm', 'scatter'].map((type) => charts.find(({ chart }) => chart.type === type)!.rows!)
    expect(swarm).toMatchObject({ table: hash('c'), places: pointRows, beside: { table: pushes } })
    expect(swarm!.beside!.lines).toEqual(points!.map(({ feature }) => `push of ${feature}`))
    expect(scatter).toMatchObject({ x: points![0]!.feature, beside: { y: `push of ${points![0]!.feature}` } })
    expect(charts.at(-1)!.rows).toEqual({ table: hash('c'), places: [people[0]!.row] })
  })
})

test('numbers: contributions in the target’s unit, the middle person', async () => {
  const prices = await train({ target: 'income' })
  const explanation = await explain(prices)
  expect(explanation.space).toBe('target')
  const [person] = explanation.people
  const sum = person!.contributions.reduce((total, { contribution }) => total + contribution, explanation.base)
  expect(sum / person!.score).toBeCloseTo(1, 9)
  expect(person!.outcome).toBe('income predicted')
  expect((await blocksOf(explanation, prices)).at(-2)).toMatchObject({ block: 'person' })
})

test('missing and unseen values are explained as the model prepares them', async () => {
  const few = frameOf(
    columnFrom('x', 'number', [1, 2, null, 4, 5, 6, 7, 8]),
    columnFrom('t', 'text', ['a', null, 'b', 'a', 'b', 'a', 'b', 'a']),
    columnFrom('yes', 'boolean', [true, false, true, false, true, true, false, true], { role: 'target' }),
  )
  const own = await train({}, await scratch.context.tables.write(few))
  const others = frameOf(columnFrom('x', 'number', [null, null, -3]), columnFrom('t', 'text', ['never', null, null]))
  const explanation = await explain(own, { who: 'named', person: '1' }, await scratch.context.tables.write(others))
  expect(explanation.people[0]!.contributions.map(({ value }) => value).sort()).toEqual(['missing', 'never'])
  expect(explanation.rows).toBe(3)
})

describe('trees', () => {
  const grow = async (given: Record<string, unknown> = {}) => {
    const { model: grown } = await boosting.run({
      inputs: { table: loans, preparation: undefined },
      hashes: { table: hash('a'), preparation: undefined },
      params: boosting.params.parse({ rounds: 20, ...given }),
      context: scratch.context,
    })
    return grown
  }

  test('contributions per raw column add up to the log-odds of the served score', async () => {
    const grown = await grow()
    const explanation = await explain(grown)
    expect(explanation).toMatchObject({ method: 'Tree SHAP, path-dependent', space: 'log-odds' })
    const names = grown.features.map(({ name }) => name).sort()
    expect(explanation.features.map(({ feature }) => feature).sort()).toEqual(names)
    const [person] = explanation.people
    const sum = person!.contributions.reduce((total, { contribution }) => total + contribution, explanation.base)
    expect(Math.abs(1 / (1 + Math.exp(-sum)) - person!.score)).toBeLessThan(1e-9)
    expect(person!.note).toBeUndefined()
    expect((await explain(grown, { mostTreeRows: 50 })).rows).toBe(50)
    expect(JSON.stringify(await blocksOf(explanation, grown))).toContain('Tree SHAP, path-dependent')
  })

  test('with the other class as positive everything changes sign', async () => {
    const named = { who: 'named', person: '7' }
    const [one, turned] = [await explain(await grow(), named), await explain(await grow({ positive: 'no' }), named)]
    expect(turned.base).toBeCloseTo(-one.base, 12)
    for (const { feature, contribution } of turned.people[0]!.contributions)
      expect(one.people[0]!.contributions.find((reason) => reason.feature === feature)!.contribution).toBeCloseTo(
        -contribution,
        12,
      )
  })

  test('numbers in the target’s unit, counts on their logarithm', async () => {
    const prices = await grow({ target: 'income' })
    const explanation = await explain(prices)
    const [person] = explanation.people
    const sum = person!.contributions.reduce((total, { contribution }) => total + contribution, explanation.base)
    expect(explanation.space).toBe('target')
    expect(Math.abs(sum / person!.score - 1)).toBeLessThan(1e-9)
    const counts = await grow({ target: 'income', objective: 'poisson' })
    const told = await explain(counts)
    expect(told).toMatchObject({ space: 'log-target', method: 'Tree SHAP, path-dependent' })
    const [one] = told.people
    const log = one!.contributions.reduce((total, { contribution }) => total + contribution, told.base)
    expect(Math.exp(log) / one!.score).toBeCloseTo(1, 9)
    expect(JSON.stringify(await blocksOf(told, counts))).toContain('the logarithm of the predicted income')
  })
})

describe('problems', () => {
  const infer = async (inputs: object, given: Record<string, unknown> = {}) =>
    (await node.infer({
      inputs: inputs as never,
      params: node.params.parse(given),
      context: scratch.infer,
    })) as readonly Problem[]

  test('before a run', async () => {
    const table = { columns: frame.columns }
    expect((await infer({ model: { purpose: 'preparation' }, table }))[0]!.path).toEqual(['inputs', 'model'])
    const features = [{ name: 'elsewhere', type: 'number', nullable: true }]
    expect((await infer({ model: { features }, table }))[0]).toMatchObject({
      code: 'column-unknown',
      columns: ['elsewhere'],
    })
    expect((await infer({ model: {}, table }, { who: 'named' }))[0]!.path).toEqual(['params', 'person'])
    expect(await infer({ model: {}, table: {} })).toEqual({ explanation: {} })
  })

  test('in a run', async () => {
    expect((await problemsOf(() => explain(model, { who: 'named', person: 'nobody' })))[0]!.code).toBe('parameter-bad')
    const narrow = await scratch.context.tables.write(frameOf(columnOf(frame, 'income')))
    expect((await problemsOf(() => explain(model, {}, narrow)))[0]!.code).toBe('column-unknown')
    const empty = await scratch.context.tables.write({
      rows: 0,
      columns: frame.columns.map(({ name, type }) => columnFrom(name, type, [])),
    })
    expect((await problemsOf(() => explain(model, {}, empty)))[0]!.code).toBe('rows-missing')
    const weights = model.linear!.coefficients.map((set) => set.map((weight) => weight + 0.1))
    const wrong = { ...model, linear: { ...model.linear!, coefficients: weights } }
    expect((await problemsOf(() => explain(wrong)))[0]!.code).toBe('internal')
  })
})
