import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Evaluation, Frame, Model, ReasonCodes, ReportBlock, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import audit from '../../fairness/audit/node.ts'
import fairnessReport from '../../fairness/report/node.ts'
import boosting from '../../train/boosting/node.ts'
import linear from '../../train/linear/node.ts'
import network from '../../train/neural-network/node.ts'
import shap from '../shap/node.ts'
import { hash, type Params, problemsOf, splitLoans, train as trainOn } from '../testing-explained.ts'
import node from './node.ts'
import { tableColumns } from './reasons-table.ts'

let scratch: Scratch
let loans: Table
let frame: Frame
let model: Model
let trees: Model
let net: Model

const train = (params: Params = {}, table = loans) =>
  trainOn(scratch, linear as AnyNode, table, { folds: 0, ...params })
async function reasonsOf(of: Model, given: Record<string, unknown> = {}, table = loans) {
  const made = await node.run({
    inputs: { model: of, table },
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse(given),
    context: scratch.context,
  })
  return { ...made, codes: made.evaluation.reasons! }
}
const blocksOf = (evaluation: Evaluation, of: Model): Promise<readonly ReportBlock[]> =>
  node.report!({
    inputs: { model: of, table: loans },
    outputs: { evaluation, table: loans },
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse({}),
    context: scratch.context,
  })

beforeAll(async () => {
  scratch = await openScratch()
  frame = splitLoans(1_500)
  loans = await scratch.context.tables.write(frame)
  model = await train()
  trees = await trainOn(scratch, boosting as AnyNode, loans, { folds: 0, rounds: 30 })
  net = await trainOn(scratch, network as AnyNode, loans, { epochs: 4 })
})
afterAll(() => scratch.close())

const shapOf = async (of: Model, person: number) => {
  const { explanation } = await shap.run({
    inputs: { model: of, table: loans },
    hashes: { model: hash('b'), table: hash('c') },
    params: shap.params.parse({ who: 'named', person: String(person + 1), mostEstimatedRows: 1 }),
    context: scratch.context,
  })
  return explanation.people[0]!
}

describe('single people', () => {
  test.each(['linear', 'trees', 'network'])(
    'reasons of %s are the strongest of explain/shap against the person',
    async (kind) => {
      const of = { linear: model, trees, network: net }[kind]!
      const { codes } = await reasonsOf(of, { people: 2, ...(kind === 'network' && { mostRows: 60 }) })
      expect(codes.people).toHaveLength(2)
      for (const { row, reasons, score, favourable, id } of codes.people) {
        const person = await shapOf(of, row)
        const against = person.contributions.filter(({ contribution }) => contribution < 0).slice(0, 4)
        expect(reasons.map(({ feature }) => feature)).toEqual(against.map(({ feature }) => feature))
        reasons.forEach((reason, at) => {
          expect(reason.contribution).toBeCloseTo(against[at]!.contribution, 9)
          expect(reason.value).toBe(against[at]!.value)
        })
        expect({ score, id, favourable }).toEqual({ score: person.score, id: person.id, favourable: false })
      }
      const scores = codes.people.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(Math.max(...scores)).toBeLessThan(0.5)
    },
  )

  test('words set the value beside those of the people who are approved', async () => {
    const { codes } = await reasonsOf(model, { who: 'refused', reasons: 12 })
    const { values } = await scratch.context.models.score(model, frame)
    const parts = columnOf(frame, 'part')
    const approved = Array.from({ length: frame.rows }, (_, row) => row).filter(
      (row) => cellText(parts, row) === 'test' && values[2 * row + 1]! >= 0.5,
    )
    const debts = columnOf(frame, 'debt_ratio').cells
    const found = codes.people.flatMap(({ row, reasons }) =>
      reasons.filter(({ feature }) => feature === 'debt_ratio').map(({ words }) => ({ row, words })),
    )
    expect(found.length).toBeGreaterThan(5)
    for (const { row, words } of found) {
      const cells = debts.kind === 'number' ? debts.values : new Float64Array(0)
      const lower = approved.filter((other) => cells[other]! < cells[row]!).length / approved.length
      if (lower < 0.5 || Number.isNaN(cells[row]!)) continue
      expect(words).toMatch(/^debt ratio [\d.]+, higher than for [\d.]+\s?% of those who are approved$/)
      expect(Number(/for ([\d.]+)/.exec(words)![1]) / 100).toBeCloseTo(lower, 2)
    }
  })

  test('people alike are the nearest of a plain search, of the same group and of others', async () => {
    const { codes } = await reasonsOf(model, { people: 4, neighbours: 7, protected: ['age_group'] })
    const { values } = await scratch.context.models.score(model, frame)
    const parts = columnOf(frame, 'part')
    const test = Array.from({ length: frame.rows }, (_, row) => row).filter((row) => cellText(parts, row) === 'test')
    const ages = columnOf(frame, 'age_group')
    const distance = plainDistance(
      test,
      model.features.map(({ name }) => name),
    )
    for (const { row, alike } of codes.people) {
      const [{ column, group, same, other }] = alike as [(typeof alike)[number]]
      expect({ column, group }).toEqual({ column: 'age_group', group: cellText(ages, row) })
      const nearest = (own: boolean) =>
        test
          .filter((one) => one !== row && (cellText(ages, one) === group) === own)
          .map((one) => distance(row, one))
          .sort((a, b) => a - b)
          .slice(0, 7)
      for (const [found, own] of [
        [same, true],
        [other, false],
      ] as const) {
        const wanted = nearest(own)
        expect(found.nearest).toHaveLength(7)
        found.nearest.forEach((one, at) => {
          expect(one.distance).toBeCloseTo(wanted[at]!, 9)
          expect(one.distance).toBeCloseTo(distance(row, one.row), 9)
          expect(one.group === group).toBe(own)
          expect(one.score).toBe(values[2 * one.row + 1])
          expect(one.favourable).toBe(one.score >= 0.5)
          expect(one.differs.length).toBeGreaterThan(0)
        })
        expect(found.favourable).toBeCloseTo(found.nearest.filter(({ favourable }) => favourable).length / 7, 12)
      }
    }
  })

  /** Gaps in standard deviations of the test rows; 2 for a text, truth value or missing mark that differs. */
  function plainDistance(rows: readonly number[], features: readonly string[]) {
    const deviation = (cells: Float64Array) => {
      const known = rows.map((row) => cells[row]!).filter((value) => !Number.isNaN(value))
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length
      return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length)
    }
    const gaps = features.map((feature) => {
      const column = columnOf(frame, feature)
      const { cells } = column
      if (cells.kind === 'text' || column.type === 'boolean')
        return (a: number, b: number) => (cellText(column, a) === cellText(column, b) ? 0 : 2)
      const size = deviation(cells.values)
      return (a: number, b: number) => {
        const [one, other] = [cells.values[a]!, cells.values[b]!]
        if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) === Number.isNaN(other) ? 0 : 2
        return ((one - other) / size) ** 2
      }
    })
    return (a: number, b: number) => Math.sqrt(gaps.reduce((sum, gap) => sum + gap(a, b), 0))
  }

  test('people can be named, drawn, or told the strongest reasons either way', async () => {
    const { codes } = await reasonsOf(model, { who: 'named', named: 'A00007, 3' })
    expect(codes.people.map(({ row }) => row)).toEqual([6, 2])
    const random = await reasonsOf(model, { who: 'random', people: 40, direction: 'both' })
    expect(random.table.rows).toBe(40)
    expect(new Set(random.codes.people.map(({ favourable }) => favourable)).size).toBe(2)
    const [first] = random.codes.people
    const all = (await shapOf(model, first!.row)).contributions.slice(0, 4)
    expect(first!.reasons.map(({ feature }) => feature)).toEqual(all.map(({ feature }) => feature))
    expect(await problemsOf(() => reasonsOf(model, { who: 'named', named: 'nobody' }))).toMatchObject([
      { code: 'parameter-bad', message: expect.stringContaining('nobody') },
    ])
  })

  test('with the other class favourable the people, scores and effects turn round', async () => {
    const { codes } = await reasonsOf(model, { who: 'refused', favourable: 'no', reasons: 12 })
    expect(codes).toMatchObject({ favourable: 'no', unfavourable: 'yes', limit: 0.5 })
    const straight = await reasonsOf(model, { who: 'named', named: String(codes.people[0]!.row + 1), reasons: 12 })
    const [turned, own] = [codes.people[0]!, straight.codes.people[0]!]
    expect({ turned: turned.favourable, own: own.favourable }).toEqual({ turned: false, own: true })
    expect(turned.score).toBeCloseTo(1 - own.score, 12)
    expect(turned.reasons.map(({ feature }) => feature)).toEqual(own.reasons.map(({ feature }) => feature))
    turned.reasons.forEach(({ contribution }, at) => expect(contribution).toBe(-own.reasons[at]!.contribution))
  })
})

test('the table has a row a person, with the columns that were announced', async () => {
  const { table, codes } = await reasonsOf(model, { who: 'refused', reasons: 2 })
  expect(table.rows).toBe(codes.refused)
  const columns = tableColumns({ columns: loans.columns, reasons: 2 })
  expect(table.columns.map(({ name, type, role }) => ({ name, type, role }))).toEqual(
    columns.map(({ name, type, role }) => ({ name, type, role })),
  )
  const read = await scratch.context.tables.read(table)
  const cell = (name: string, row = 0) => cellText(columnOf(read, name), row)
  const [person] = codes.people
  expect(cell(loans.columns.find(({ role }) => role === 'id')!.name)).toBe(person!.id)
  expect(cell('row')).toBe(String(person!.row + 1))
  expect(cell('decision')).toBe('no')
  expect(Number(cell('score'))).toBe(person!.score)
  expect(cell('reason_1')).toBe(person!.reasons[0]!.feature)
  expect(cell('reason_2_words')).toBe(person!.reasons[1]!.words)
  expect(Number(cell('reason_2_effect'))).toBe(person!.reasons[1]!.contribution)
  expect(Number(cell('age_group_alike_other'))).toBe(
    person!.alike.find(({ column }) => column === 'age_group')!.other.favourable,
  )
})

describe('groups', () => {
  let codes: ReasonCodes
  let evaluation: Evaluation
  beforeAll(async () => {
    ;({ codes, evaluation } = await reasonsOf(model, { who: 'refused', reasons: 3, rows: 'all', mostRows: 5_000 }))
  })

  test('shares are those of a plain count over everybody who is refused', async () => {
    const { table } = await reasonsOf(model, { who: 'refused', reasons: 3, rows: 'all', mostRows: 5_000 })
    const read = await scratch.context.tables.read(table)
    const cells = (name: string) => Array.from({ length: table.rows }, (_, row) => cellText(columnOf(read, name), row))
    const [groups, first, second, third] = ['age_group', 'reason_1', 'reason_2', 'reason_3'].map(cells)
    const { groups: figures } = codes.attributes.find(({ column }) => column === 'age_group')!
    const other = cells('age_group_alike_other').map(Number)
    const same = cells('age_group_alike_same').map(Number)
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(figures.length).toBeGreaterThan(1)
    for (const figure of figures) {
      const own = [...groups!.keys()].filter((row) => groups![row] === figure.group)
      expect(figure.refused).toBe(own.length)
      codes.features.forEach((feature, at) => {
        const led = own.filter((row) => first![row] === feature).length
        const told = own.filter((row) => [first, second, third].some((list) => list![row] === feature)).length
        expect(figure.first[at]).toMatchObject({ value: led / own.length, n: own.length })
        expect(figure.among[at]!.value).toBe(told / own.length)
      })
      expect(figure.alikeOther).toBeCloseTo(mean(own.map((row) => other[row]!)), 9)
      expect(figure.alikeGap.value).toBeCloseTo(mean(own.map((row) => other[row]! - same[row]!)), 9)
      expect(figure.alikeGap.low!).toBeLessThan(figure.alikeGap.value!)
    }
  })

  test('the widest gap is a figure with an interval, announced and in the report', async () => {
    const gap = evaluation.metrics.find(({ name }) => name === 'reasons.gap.age_group')!
    const { groups } = codes.attributes.find(({ column }) => column === 'age_group')!
    const large = groups.filter(({ small }) => !small)
    const best = Math.max(
      ...large.flatMap((group) =>
        codes.features.map((_, at) => {
          const rest = large.filter((other) => other !== group)
          const refused = rest.reduce((sum, { refused }) => sum + refused, 0)
          const led = rest.reduce((sum, other) => sum + other.first[at]!.value! * other.refused, 0)
          return group.first[at]!.value! - led / refused
        }),
      ),
    )
    expect(gap.value).toBeCloseTo(best, 12)
    expect(gap.low!).toBeLessThan(gap.value!)
    expect(gap.high!).toBeGreaterThan(gap.value!)
    expect(evaluation.metrics.map(({ name }) => name)).toContain('reasons.alike-gap.age_group')
    const blocks = await blocksOf(evaluation, model)
    expect(blocks.filter(({ block }) => block === 'person')).toHaveLength(3)
    expect(JSON.stringify(blocks)).toMatch(/First reason of those not approved/)
    expect(JSON.stringify(blocks)).not.toMatch(/undefined|NaN/)
  })

  test('the fairness report tells of them beside the audit', async () => {
    const inputs = { model, table: loans }
    const own = { model: hash('b'), table: hash('c') }
    const { context } = scratch
    const audited = await audit.run({ inputs, hashes: own, params: audit.params.parse({}), context })
    const made = await fairnessReport.run({
      inputs: { evaluation: [audited.evaluation, evaluation], explanation: [], release: undefined, model },
      hashes: { evaluation: [hash('d'), hash('e')], explanation: [], release: undefined, model: hash('b') },
      params: fairnessReport.params.parse({}),
      context,
    })
    const headings = made.report.blocks.flatMap((one) => (one.block === 'heading' ? [one.text] : []))
    expect(headings).toContain('First reasons by age group')
  })

  test('a model that refuses one group for its job and the other for its debt is found out', async () => {
    const random = createRandom(7)
    const rows = 800
    const group = Array.from({ length: rows }, () => (random.uniform() < 0.5 ? 'a' : 'b'))
    const debt = group.map((own) => (own === 'a' ? random.uniform() : 0.1 * random.uniform()))
    const job = group.map((own) => (own === 'b' ? random.uniform() : 0.9 + 0.1 * random.uniform()))
    const good = debt.map((value, row) => (job[row]! - value + 0.2 * random.uniform() > 0.5 ? 'yes' : 'no'))
    const table = await scratch.context.tables.write({
      rows,
      columns: [
        columnFrom('debt', 'number', debt),
        columnFrom('tenure', 'number', job),
        columnFrom('group', 'text', group, { role: 'protected' }),
        columnFrom('approved', 'text', good, { role: 'target' }),
      ],
    })
    const made = await reasonsOf(await train({}, table), {}, table)
    const [{ test: found, groups }] = made.codes.attributes as [ReasonCodes['attributes'][number]]
    expect(found!.pValue).toBeLessThan(1e-6)
    const led = (name: string, feature: string) =>
      groups.find((one) => one.group === name)!.first[made.codes.features.indexOf(feature)]!.value!
    expect(led('a', 'debt')).toBeGreaterThan(0.9)
    expect(led('b', 'tenure')).toBeGreaterThan(0.9)
    expect(node.card!({ inputs: { model, table }, outputs: made, params: node.params.parse({}) })).toMatchObject({
      text: expect.stringMatching(/is the first reason for [\d.]+\s?% of [ab], [\d.]+\s?% of others/),
      tone: 'bad',
    })
  })

  test('without protected columns reasons are given and nobody is compared', async () => {
    const bare = {
      ...loans,
      columns: loans.columns.map(({ role, ...column }) =>
        role && role !== 'protected' ? { ...column, role } : role ? { ...column, role: 'label' as const } : column,
      ),
    }
    const made = await reasonsOf(model, {}, bare)
    expect(made.codes.attributes).toEqual([])
    expect(made.codes.people[0]!.alike).toEqual([])
    expect(JSON.stringify(await blocksOf(made.evaluation, model))).toMatch(/No column is protected/)
  })
})

test.each([
  ['a side that numbers do not have', { purpose: 'regression', target: 'income' }, { favourable: 'yes' }, /"yes"/],
  [
    'an outcome the model does not know',
    { purpose: 'binary', classes: ['yes', 'no'] },
    { favourable: 'maybe' },
    /maybe/,
  ],
  ['nobody named', { purpose: 'binary' }, { who: 'named' }, /Nobody is named/],
] as const)('%s is refused before any run', async (_, of, given, words) => {
  const problems = await node.infer({
    inputs: { model: of as never, table: { columns: loans.columns } },
    params: node.params.parse(given),
    context: scratch.context as never,
  })
  expect(problems).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(words), fix: expect.any(String) }),
  )
})
