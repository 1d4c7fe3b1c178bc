import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Explanation, Model, Table } from '#contract'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import quantize from '../../optimise/quantize/node.ts'
import baseline from '../../train/baseline/node.ts'
import boosting from '../../train/boosting/node.ts'
import forest from '../../train/forest/node.ts'
import linear from '../../train/linear/node.ts'
import network from '../../train/neural-network/node.ts'
import tree from '../../train/tree/node.ts'
import { type Params, problemsOf, train as trainOn } from '../testing-explained.ts'
import node from './node.ts'

const few = { mostTreeRows: 40, mostRows: 60, mostEstimatedRows: 30, background: 15 }

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ seed: 3 })
  const made = (await runNode(scratch, example, {}, { set: 'loans', rows: 600 })).outputs['table'] as Table
  loans = (await runNode(scratch, split, { table: made })).outputs['table'] as Table
})
afterAll(() => scratch.close())

const train = (learner: AnyNode, params: Params) => trainOn(scratch, learner, loans, params)
async function explain(model: Model, params: Params = {}) {
  const { outputs, blocks, card } = await runNode(
    scratch,
    node as AnyNode,
    { model, table: loans },
    { ...few, ...params },
  )
  return { explanation: outputs['explanation'] as Explanation, text: JSON.stringify(blocks), card: card!.text }
}
const refusal = async (model: Model, params: Params) => (await problemsOf(() => explain(model, params)))[0]!
const sumOf = (person: Explanation['people'][number], base: number) =>
  person.contributions.reduce((total, { contribution }) => total + contribution, person.base ?? base)

const boosted = { rounds: 12 }
const trained = { epochs: 4, folds: 0 }
/** Learner, its parameters, the method that is picked, the scale, and how well it adds up. */
const cases: readonly (readonly [string, AnyNode, Params, string, Explanation['space'], number])[] = [
  ['linear, two classes', linear, { folds: 0 }, 'Linear SHAP', 'log-odds', 1e-9],
  ['linear, several classes', linear, { folds: 0, target: 'employment' }, 'Linear SHAP', 'margin', 1e-9],
  ['a tree', tree, { folds: 0 }, 'Tree SHAP, path-dependent', 'probability', 1e-9],
  ['a tree of numbers', tree, { folds: 0, target: 'income' }, 'Tree SHAP, path-dependent', 'target', 1e-6],
  [
    'a forest of several classes',
    forest,
    { trees: 6, target: 'employment' },
    'Tree SHAP, path-dependent',
    'probability',
    1e-9,
  ],
  [
    'boosting, several classes',
    boosting,
    { ...boosted, target: 'employment' },
    'Tree SHAP, path-dependent',
    'margin',
    1e-9,
  ],
  [
    'boosting, counts',
    boosting,
    { ...boosted, target: 'income', objective: 'poisson' },
    'Tree SHAP, path-dependent',
    'log-target',
    1e-6,
  ],
  ['a network, two classes', network, { ...trained, epochs: 15 }, 'Expected gradients', 'log-odds', 0.01],
  ['a network, several classes', network, { ...trained, target: 'employment' }, 'Expected gradients', 'margin', 0.01],
  ['a network of numbers', network, { ...trained, target: 'debt_ratio' }, 'Expected gradients', 'target', 0.02],
  ['the class shares', baseline, {}, 'Kernel SHAP', 'probability', 1e-9],
]

describe.each(cases)('%s', (_, learner, params, method, space, slack) => {
  test('are explained by the method that fits, and add up', async () => {
    const model = await train(learner, params)
    const { explanation, text, card } = await explain(model)
    expect(explanation).toMatchObject({ method, space })
    expect(explanation.how).toMatch(/^Picked since /)
    expect(explanation.gap).toBeLessThanOrEqual(slack)
    expect(text).toContain(`${method}. Picked since`)
    expect(card).toMatch(/counts most.* · [a-z, -]+, adds up( within [\d.]+)?$/)
    expect(explanation.features.map(({ feature }) => feature).sort()).toEqual(
      model.features.map(({ name }) => name).sort(),
    )
    expect(explanation.classes?.map(({ name }) => name)).toEqual(
      model.purpose === 'multiclass' ? model.classes : undefined,
    )
    expect(explanation.people.length).toBeGreaterThan(learner === baseline ? -1 : 0)
    for (const person of explanation.people) {
      const sum = sumOf(person, explanation.base)
      if (space === 'probability' || space === 'target') expect(Math.abs(sum - person.score)).toBeLessThanOrEqual(slack)
      if (space === 'log-target') expect(Math.abs(Math.exp(sum) - person.score)).toBeLessThanOrEqual(slack)
      expect(person.class !== undefined).toBe(model.purpose === 'multiclass')
    }
  })
})

test('one class of several, and the other of two', async () => {
  const model = await train(boosting, { ...boosted, target: 'employment' })
  const { explanation: all } = await explain(model)
  const [, second] = model.classes!
  const { explanation: one } = await explain(model, { class: second! })
  expect(one.classes).toBeUndefined()
  expect(one.base).toBe(all.classes![1]!.base)
  const own = new Map(one.features.map(({ feature, importance }) => [feature, importance]))
  all.features.forEach(({ feature }, at) => {
    expect(own.get(feature)).toBeCloseTo(all.classes![1]!.importances[at]!, 12)
  })
  expect((await refusal(model, { class: 'nobody' })).path).toEqual(['params', 'class'])
  const loan = await train(linear, { folds: 0 })
  const named = { who: 'named', person: '3, 9' }
  const [yes, no] = [
    (await explain(loan, named)).explanation,
    (await explain(loan, { ...named, class: 'no' })).explanation,
  ]
  expect(no.base).toBeCloseTo(-yes.base, 12)
  expect(no.people.map(({ row }) => row)).toEqual([2, 8])
  expect(no.people[0]!.score).toBeCloseTo(1 - yes.people[0]!.score, 12)
})

test.each(['automatic', 'tree-interventional'])(
  'rows and interactions of trees draw the same contributions: %s',
  async (method) => {
    const model = await train(boosting, boosted)
    const params = { mostTreeRows: 120, background: 20, method }
    const { outputs, blocks } = await runNode(scratch, node as AnyNode, { model, table: loans }, params)
    const { points, interactions, features } = outputs['explanation'] as Explanation
    expect(points!.map(({ feature }) => feature)).toEqual(
      features
        .filter(({ importance }) => importance > 0)
        .slice(0, 8)
        .map(({ feature }) => feature),
    )
    for (const [at, { feature, values, contributions, strongest }] of points!.entries()) {
      expect([values.length, contributions.length]).toEqual([120, 120])
      const mean = contributions.reduce((sum, value) => sum + Math.abs(value), 0) / 120
      // five digits are kept of each
      expect(mean / features[at]!.importance).toBeCloseTo(1, 4)
      expect(strongest).not.toBe(feature)
    }
    const size = interactions!.features.length
    const cell = (row: number, column: number) => interactions!.values[row * size + column]!
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        expect(cell(row, column)).toBeGreaterThanOrEqual(0)
        expect(cell(row, column)).toBeCloseTo(cell(column, row), 6)
      }
    const kinds = blocks.flatMap((block) => (block.block === 'chart' ? [block.chart.type] : []))
    expect(kinds).toEqual(['bars', 'swarm', 'scatter', 'scatter', 'scatter', 'scatter', 'matrix', 'waterfall'])
    const end = blocks.at(-1)!
    if (end.block !== 'chart' || end.chart.type !== 'waterfall') throw new Error('no waterfall')
    const person = (outputs['explanation'] as Explanation).people[0]!
    const sum = end.chart.steps.reduce((total, { change }) => total + change, end.chart.start.value)
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(person.score, 9)
  },
)

test('methods that don’t fit are refused with those that do', async () => {
  const [weights, grown, layers] = [
    await train(linear, { folds: 0 }),
    await train(boosting, boosted),
    await train(network, trained),
  ]
  for (const [model, method] of [
    [weights, 'tree-interventional'],
    [weights, 'expected-gradients'],
    [grown, 'linear'],
    [layers, 'tree-path-dependent'],
  ] as const) {
    const { code, path, fix } = await refusal(model, { method })
    expect([code, path]).toEqual(['parameter-bad', ['params', 'method']])
    expect(fix).toMatch(/^Choose automatic, .*permutation/)
  }
})

test('sampled methods come to what exact ones say, within their errors', async () => {
  // a tree of two levels has interactions of two features only, for which one permutation is exact
  const model = await train(tree, { folds: 0, maxDepth: 2, pruning: 'none' })
  const named = { who: 'named', person: '5', background: 30 }
  const exact = (await explain(model, { ...named, method: 'tree-interventional' })).explanation
  const value = ({ people: [person] }: Explanation, feature: string) =>
    person!.contributions.find((one) => one.feature === feature)!.contribution
  for (const method of ['permutation', 'kernel', 'partition']) {
    const { explanation, text } = await explain(model, { ...named, method })
    expect(explanation.gap).toBeLessThan(1.1e-9)
    expect(explanation.base).toBeCloseTo(exact.base, 9)
    expect(text).toContain('30 background rows')
    if (method === 'permutation') {
      for (const { feature } of exact.features)
        expect(value(explanation, feature)).toBeCloseTo(value(exact, feature), 9)
      expect(explanation.features.every(({ error }) => error! < 1e-9)).toBe(true)
    }
    if (method === 'kernel')
      for (const { feature, contribution, error } of explanation.people[0]!.contributions)
        expect(Math.abs(contribution - value(exact, feature))).toBeLessThan(5 * (error ?? 0) + 1e-9)
  }
})

test('a quantized network is explained by its scores, its classes with the same draws', async () => {
  const own = await train(network, { ...trained, target: 'employment' })
  const smaller = (await runNode(scratch, quantize as AnyNode, { model: own, table: loans }, { mostLoss: 1 })).outputs
  const { explanation } = await explain(smaller['model'] as Model, {
    mostEstimatedRows: 3,
    rounds: 2,
    method: 'permutation',
  })
  expect(explanation).toMatchObject({ method: 'Permutation SHAP', space: 'probability' })
  expect(explanation.how).toBe('Chosen by you; 15 background rows, 4 orders a row')
  expect(explanation.gap).toBeLessThan(1.1e-9)
  expect(explanation.classes!.reduce((sum, { base }) => sum + base, 0)).toBeCloseTo(1, 5)
  expect(explanation.features[0]!.error).toBeUndefined()
  const one = { class: own.classes![0]!, mostEstimatedRows: 3, rounds: 2, method: 'permutation' }
  const { explanation: first, text } = await explain(smaller['model'] as Model, one)
  expect(first.features[0]!.error).toBeGreaterThan(0)
  expect(text).toContain('"low"')
})

test('a run that is cancelled ends in the middle of every method', async () => {
  const model = await train(forest, { trees: 6 })
  for (const method of ['tree-path-dependent', 'tree-interventional', 'permutation', 'partition']) {
    let calls = 0
    const context = {
      ...scratch.context,
      progress: (fraction: number) => {
        if (fraction > 0.15 && calls++ > 0) throw new Error('cancelled here')
      },
    }
    const work = node.run({
      inputs: { model, table: loans },
      hashes: { model: undefined, table: undefined },
      params: node.params.parse({ ...few, mostTreeRows: 600, method }),
      context,
    })
    await expect(work).rejects.toThrow('cancelled here')
  }
})
