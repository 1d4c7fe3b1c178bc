import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Hash, ProblemError, Slice, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import baseline from '../../train/baseline/node.ts'
import node from './node.ts'
import { sliceRows } from './slice-rows.ts'
import { sliceColumns } from './slices-table.ts'

/** The rule "income >= 50" is right but for everyone in the north, where it is turned round. */
const rows = 600
const random = createRandom(9)
const income = Array.from({ length: rows }, (_, i) => (i % 29 === 0 ? null : random.integer(100)))
const region = income.map(() => ['north', 'south', 'west', 'east'][random.integer(4)]!)
const truth = income.map((value, i) => (value ?? 0) >= 50 !== (region[i] === 'north'))
const frame = frameOf(
  columnFrom('income', 'number', income),
  columnFrom('region', 'text', region, { role: 'protected' }),
  columnFrom(
    'rare',
    'text',
    income.map((_, i) => (i < 5 ? 'few' : 'many')),
  ),
  columnFrom(
    'same',
    'text',
    income.map(() => 'x'),
  ),
  columnFrom(
    'id',
    'integer',
    income.map((_, i) => i),
    { role: 'id' },
  ),
  columnFrom(
    'ok',
    'text',
    truth.map((value) => (value ? 'yes' : 'no')),
    { role: 'target' },
  ),
  columnFrom(
    'amount',
    'number',
    income.map((value, i) => (region[i] === 'north' ? 100 : (value ?? 0) / 10)),
    { role: 'label' },
  ),
)

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const hash = (letter: string) => letter.repeat(64) as Hash
const train = async (given: Record<string, unknown>) =>
  (
    await baseline.run({
      inputs: { table },
      hashes: { table: hash('a') },
      params: baseline.params.parse(given),
      context: scratch.context,
    })
  ).model
async function slice(
  given: Record<string, unknown> = {},
  learner: Record<string, unknown> = { strategy: 'rule', rule: 'income >= 50' },
) {
  const model = await train(learner)
  const outputs = await node.run({
    inputs: { model, table },
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse(given),
    context: scratch.context,
  })
  return { model, outputs, evaluation: outputs.evaluation, slices: outputs.evaluation.slices!.slices }
}

test('finds the slice that was spoilt, protected columns included', async () => {
  const { model, outputs, slices } = await slice()
  const north = region.filter((name) => name === 'north').length
  expect(slices[0]).toMatchObject({
    label: 'region = north',
    rows: north,
    errors: north,
    shareOfErrors: 1,
    shareOfData: north / rows,
    room: north / rows,
    small: false,
  })
  expect(slices[0]!.errorRate.value).toBe(1)
  const labels = slices.map(({ label }) => label)
  expect(labels).toContain('income = missing')
  expect(labels.filter((label) => label.startsWith('income') && label !== 'income = missing')).toHaveLength(4)
  expect(labels.some((label) => label.startsWith('same') || label.startsWith('id') || label.startsWith('ok'))).toBe(
    false,
  )
  expect(slices.at(-1)!.small).toBe(true)
  const a = { inputs: { model, table }, outputs, params: node.params.parse({}) }
  const card = node.card!(a)
  expect(card).toMatchObject({ tone: 'bad' })
  expect(card.text).toContain('**region = north**, 100\u00a0% wrong')
  const blocks = await node.report!({ ...a, hashes: { model: undefined, table: undefined }, context: scratch.context })
  expect(blocks.map(({ block }) => block)).toEqual(['heading', 'metric', 'chart', 'table', 'table', 'text'])
})

test('the search joins conditions and leaves out what lies within a wider slice that is as bad', async () => {
  const random = createRandom(4)
  const size = 900
  const draw = (levels: string[]) => Array.from({ length: size }, () => levels[random.integer(levels.length)]!)
  const place = draw(['north', 'south', 'west'])
  const work = draw(['day', 'night'])
  const wealth = Array.from({ length: size }, () => random.integer(100))
  const spoilt = place.map((name, i) => name === 'north' && work[i] === 'night')
  const joint = await scratch.context.tables.write(
    frameOf(
      columnFrom('place', 'text', place),
      columnFrom('work', 'text', work),
      columnFrom('wealth', 'number', wealth),
      columnFrom(
        'ok',
        'text',
        wealth.map((value, i) => (value >= 50 !== spoilt[i] ? 'yes' : 'no')),
        { role: 'target' },
      ),
    ),
  )
  const { model } = await baseline.run({
    inputs: { table: joint },
    hashes: { table: hash('a') },
    params: baseline.params.parse({ strategy: 'rule', rule: 'wealth >= 50' }),
    context: scratch.context,
  })
  const search = async (given: Record<string, unknown>) =>
    (
      await node.run({
        inputs: { model, table: joint },
        hashes: { model: hash('b'), table: hash('c') },
        params: node.params.parse(given),
        context: scratch.context,
      })
    ).evaluation
  const found = (await search({})).slices!.slices.filter(({ chance }) => chance !== undefined)
  expect(found[0]).toMatchObject({ label: 'place = north and work = night', shareOfErrors: 1 })
  expect(found[0]!.chance!).toBeLessThan(1e-6)
  const singles = new Map(found.map((slice) => [slice.label, slice.errorRate.value!]))
  for (const slice of found.filter(({ conditions }) => conditions.length > 1))
    for (const part of slice.label.split(' and '))
      expect(slice.errorRate.value!).toBeGreaterThan(singles.get(part) ?? 0)
  const without = await search({ together: 0 })
  expect(without.slices!.slices.every(({ conditions, chance }) => conditions.length === 1 && !chance)).toBe(true)
  expect(without.metrics.some(({ name }) => name === 'slices.beyond_chance')).toBe(false)
})

test('every pair of columns on request, each slice a row of the table with its four fractions', async () => {
  const { evaluation, outputs, slices } = await slice({ pairs: true })
  const listed = await scratch.context.tables.read(outputs.slices)
  expect(listed.columns.map(({ name, type, nullable, role }) => ({ name, type, nullable, role }))).toEqual(sliceColumns)
  const cell = (name: string, row: number) => cellText(columnOf(listed, name), row)
  const labels = Array.from({ length: listed.rows }, (_, row) => cell('slice', row)!)
  expect(new Set(labels).size).toBe(labels.length)
  // four regions and five parts of the income, missing included, of which some pairs are too small; and each alone
  const pairs = slices.filter(({ conditions }) => conditions.length === 2)
  const counted = (where: (row: number) => boolean) => income.filter((_, row) => where(row)).length
  const south = pairs.find(({ label }) => /^income .* to .* and region = south$/.test(label))!
  expect(south.rows).toBe(counted((row) => region[row] === 'south' && inQuartile(south.label, income[row]!)))
  expect(pairs.length).toBeGreaterThan(12)
  expect(pairs.every(({ rows }) => rows >= 30)).toBe(true)
  const at = labels.indexOf(south.label)
  expect(['rows', 'errors', 'share_of_data'].map((name) => Number(cell(name, at)))).toEqual([
    south.rows,
    south.errors,
    south.shareOfData,
  ])
  expect(slices.map(({ label }) => label)).toEqual(labels.slice(0, slices.length))
  expect(evaluation.slices!.slices.filter(({ chance }) => chance !== undefined).map(({ label }) => label)).toContain(
    'region = north',
  )
})

/** Whether a value lies in the quartile that a label names: above its lower edge, but for the lowest. */
function inQuartile(label: string, value: number | null): boolean {
  const [, low, high] = /^income (\S+) to (\S+) and/.exec(label)!
  return value !== null && value <= Number(high) && (value > Number(low) || Number(low) === 0)
}

test('only the columns that are chosen, whatever their role', async () => {
  const { slices } = await slice({ columns: ['amount', 'rare'], together: 0 })
  expect(new Set(slices.flatMap(({ conditions }) => conditions.map(({ column }) => column)))).toEqual(
    new Set(['amount', 'rare']),
  )
})

test('given slices join the conditions of one name', async () => {
  const given = [
    { name: 'poor north', column: 'region', operator: '=', value: 'north' },
    { name: 'poor north', column: 'income', operator: '<', value: '50' },
    { column: 'income', operator: 'is missing' },
  ]
  const { slices } = await slice({ given, everyColumn: false })
  const expected = income.filter((value, i) => region[i] === 'north' && value !== null && value < 50).length
  expect(slices).toHaveLength(2)
  expect(slices.find(({ label }) => label === 'poor north')).toMatchObject({
    rows: expected,
    conditions: [
      { column: 'region', value: '= north' },
      { column: 'income', value: '< 50' },
    ],
  })
  expect(slices.find(({ label }) => label === 'income is missing')!.rows).toBe(
    income.filter((value) => value === null).length,
  )
})

test('for numbers the largest tenth of the errors counts, and the metric is the mean absolute error', async () => {
  const { evaluation, slices } = await slice({}, { strategy: 'mean', target: 'amount' })
  expect(evaluation.slices!.metric).toBe('mae')
  expect(slices.find(({ label }) => label === 'region = north')!.metric.value!).toBeGreaterThan(60)
})

test('slices that can not be cut are problems before and in the run', async () => {
  const given = [
    { column: 'income', operator: '>', value: 'much' },
    { column: 'wealth', value: '3' },
  ]
  const inferred = await node.infer({
    inputs: { model: { target: 'ok' }, table: { columns: table.columns } },
    params: node.params.parse({ given }),
    context: scratch.infer,
  })
  expect(inferred).toMatchObject([
    { code: 'column-type', path: ['params', 'given', 0, 'value'] },
    { code: 'column-unknown', path: ['params', 'given', 1, 'column'] },
  ])
  const error = (await slice({ given }).catch((thrown: unknown) => thrown)) as ProblemError
  expect(error.problems).toHaveLength(2)
})

test('slices found value by value say which rows they are; names, quartiles and the rest do not', async () => {
  const { outputs } = await slice({ together: 2 })
  const blocks = await node.report!({
    inputs: { model: {} as never, table },
    outputs,
    hashes: { model: hash('b'), table: hash('c') },
    params: node.params.parse({}),
    context: scratch.context,
  })
  const linked = blocks.find((block) => block.block === 'chart')
  expect(linked).toMatchObject({ rows: { table: hash('c'), bars: expect.arrayContaining([null]) } })
  const of = (label: string, ...conditions: { column: string; value: string }[]) =>
    sliceRows({ label, conditions } as unknown as Slice, table.columns)
  expect(of('region = north', { column: 'region', value: 'north' })).toEqual([{ column: 'region', values: ['north'] }])
  expect(
    of(
      'region = north and income = missing',
      { column: 'region', value: 'north' },
      { column: 'income', value: 'missing' },
    ),
  ).toEqual([
    { column: 'region', values: ['north'] },
    { column: 'income', missing: true },
  ])
  expect(of('income = 3', { column: 'income', value: '3' })).toEqual([{ column: 'income', values: [3] }])
  expect(of('income 3 to 4', { column: 'income', value: '3 to 4' })).toBeNull()
  expect(of('region = any other value', { column: 'region', value: 'any other value' })).toBeNull()
  expect(of('poor north', { column: 'region', value: '= north' })).toBeNull()
})
