import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Column, Evaluation, Frame, Hash, Model, Problem, ProblemError, Table } from '#contract'
import { columnFrom, frameOf } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import { loanRoles, sampleLoans } from '#ml/sample/loans'
import { wilson } from '#ml/statistics/wilson'
import linear from '../../train/linear/node.ts'
import { parseEdges } from './attributes.ts'
import node from './node.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
let scratch: Scratch
let loans: Table
let loanModel: Model

function withRoles(frame: Frame): Frame {
  const random = createRandom(4)
  const part = Array.from({ length: frame.rows }, () => (random.uniform() < 0.5 ? 'test' : 'train'))
  const roles: Readonly<Record<string, Column['role']>> = loanRoles
  const columns = frame.columns.map((column) => ({
    ...column,
    ...(roles[column.name] && { role: roles[column.name] }),
  }))
  return { rows: frame.rows, columns: [...columns, columnFrom('part', 'text', part, { role: 'split' })] }
}

async function train(table: Table, given: Record<string, unknown> = {}): Promise<Model> {
  const { model } = await linear.run({
    inputs: { table, preparation: undefined },
    hashes: { table: hash('a'), preparation: undefined },
    params: linear.params.parse({ folds: 0, ...given }),
    context: scratch.context,
  })
  return model
}

async function audit(table: Table, model?: Model, given: Record<string, unknown> = {}): Promise<Evaluation> {
  const { evaluation } = await node.run({
    inputs: { table, model },
    hashes: { table: hash('c'), model: model && hash('b') },
    params: node.params.parse(given),
    context: scratch.context,
  })
  return evaluation
}
async function problemsOfAudit(table: Table, model?: Model, given: Record<string, unknown> = {}) {
  try {
    await audit(table, model, given)
  } catch (error) {
    return (error as ProblemError).problems
  }
  throw new Error('the audit went through')
}
const infer = async (columns: readonly Column[], given: Record<string, unknown> = {}, model?: object) =>
  (await node.infer({
    inputs: { table: { columns }, model } as never,
    params: node.params.parse(given),
    context: scratch.infer,
  })) as readonly Problem[]
const figure = (evaluation: Evaluation, name: string) => evaluation.metrics.find((metric) => metric.name === name)!
const group = (evaluation: Evaluation, column: string, name: string) =>
  evaluation
    .fairness!.attributes.find(({ columns }) => columns[0] === column)!
    .groups.find((one) => one.group === name)!

const people = frameOf(
  columnFrom('sex', 'text', ['f', 'f', 'f', 'f', 'm', 'm', 'm', 'm', null, 'm'], { role: 'protected' }),
  columnFrom('old', 'boolean', [true, true, false, false, true, true, false, false, true, false], {
    role: 'protected',
  }),
  columnFrom('x', 'number', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  columnFrom('yes', 'text', ['yes', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'no', 'no', null], { role: 'target' }),
)

beforeAll(async () => {
  scratch = await openScratch()
  loans = await scratch.context.tables.write(withRoles(sampleLoans({ rows: 6_000, seed: 1 }).frame))
  loanModel = await train(loans)
})
afterAll(() => scratch.close())

describe('a model', () => {
  test('the bias planted against people of 60 and over is found', async () => {
    const evaluation = await audit(loans, loanModel, { bins: [{ column: 'age', edges: '30, 45, 60' }] })
    expect(evaluation).toMatchObject({ subject: 'fairness', split: 'test', model: hash('b'), table: hash('c') })
    expect(evaluation.fairness).toMatchObject({ scope: 'predictions', favourable: 'yes', ratioLimit: 0.8 })
    const ratio = figure(evaluation, 'fairness.ratio.age_group')
    expect(ratio.high!).toBeLessThan(0.8)
    expect(ratio.value).toBe(group(evaluation, 'age_group', '60+').ratio.value)
    expect(figure(evaluation, 'fairness.ratio').value).toBe(
      Math.min(ratio.value!, ...['age', 'sex'].map((name) => figure(evaluation, `fairness.ratio.${name}`).value!)),
    )
    expect(figure(evaluation, 'fairness.ratio.sex').value!).toBeGreaterThan(0.8)
    expect(figure(evaluation, 'fairness.ratio.age').value).toBeCloseTo(ratio.value!, 12)
    expect(group(evaluation, 'age', '60+').rows).toBe(group(evaluation, 'age_group', '60+').rows)
    expect(
      node.card!({ inputs: { table: loans, model: loanModel }, outputs: { evaluation }, params: {} as never }),
    ).toMatchObject({
      tone: 'bad',
      text: expect.stringMatching(/^\*\*0\.\d\d\*\* age( group)? ratio, needs 0\.80$/),
    })
  })

  test('figures by group are counts of what the served file decides', async () => {
    const evaluation = await audit(loans, loanModel)
    const frame = await scratch.context.tables.read(loans)
    const scores = (await scratch.context.models.score(loanModel, frame)).values
    const cells = (name: string) => frame.columns.find((column) => column.name === name)!.cells
    const text = (name: string, row: number) => {
      const column = cells(name)
      return column.kind === 'text' ? column.levels[column.codes[row]!] : undefined
    }
    const rows = Array.from({ length: frame.rows }, (_, row) => row).filter(
      (row) => text('part', row) === 'test' && text('sex', row) === 'female',
    )
    const approved = rows.filter((row) => scores[2 * row + 1]! >= 0.5)
    const deserved = rows.filter((row) => text('approved', row) === 'yes')
    const hits = approved.filter((row) => text('approved', row) === 'yes')
    const women = group(evaluation, 'sex', 'female')
    expect(women.rows).toBe(rows.length)
    expect(women.rate).toEqual(wilson(approved.length, rows.length))
    expect(women.truePositiveRate!.value).toBeCloseTo(hits.length / deserved.length, 12)
    expect(women.precision!.value).toBeCloseTo(hits.length / approved.length, 12)
    expect(evaluation.metrics.every(({ value }) => value !== null)).toBe(true)
  })

  test('the unfavourable class may be named favourable, which turns the rates around', async () => {
    const yes = group(await audit(loans, loanModel), 'sex', 'male')
    const no = group(await audit(loans, loanModel, { favourable: 'no' }), 'sex', 'male')
    expect(no.rate.value).toBeCloseTo(1 - yes.rate.value!, 12)
    expect(no.truePositiveRate!.value).toBeCloseTo(1 - yes.falsePositiveRate!.value!, 12)
    expect(no.calibrationError!.value).toBeCloseTo(yes.calibrationError!.value!, 2)
  })

  test('same seed, same figures; sampled neighbours included', async () => {
    const [one, other] = [await audit(loans, loanModel), await audit(loans, loanModel)]
    expect(JSON.stringify(one)).toBe(JSON.stringify(other))
    expect(figure(one, 'fairness.consistency').n).toBe(2_000)
    expect(figure(one, 'fairness.consistency').value!).toBeGreaterThan(0.7)
  })

  test('a model of numbers has no favourable class', async () => {
    const model = await train(loans, { target: 'income' })
    expect((await problemsOfAudit(loans, model))[0]).toMatchObject({ code: 'not-supported', path: ['inputs', 'model'] })
    expect((await infer(people.columns, {}, { purpose: 'regression', target: 'x' }))[0]!.code).toBe('not-supported')
  })
})

describe('labels', () => {
  test('without a model the labels are judged, rows without one are left out', async () => {
    const table = await scratch.context.tables.write(people)
    const evaluation = await audit(table)
    expect(evaluation).not.toHaveProperty('model')
    expect(evaluation).toMatchObject({ rows: 9, split: 'all', fairness: { scope: 'labels', favourable: 'yes' } })
    expect(group(evaluation, 'sex', 'm')).toMatchObject({
      rows: 4,
      small: true,
      reference: true,
      rate: { value: 0.75 },
    })
    expect(group(evaluation, 'sex', 'f').ratio.value).toBeCloseTo(1 / 3, 12)
    expect(group(evaluation, 'sex', '(missing)')).toMatchObject({ rows: 1, reference: false })
    expect(figure(evaluation, 'fairness.equal-opportunity')).toBeUndefined()
    const [cross] = evaluation.fairness!.intersections
    expect(cross!.columns).toEqual(['sex', 'old'])
    expect(cross!.groups.map(({ group: name }) => name)).toContain('f, true')
    expect(cross!.groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(9)
    expect(scratch.messages.some((message) => message.startsWith('1 rows without yes'))).toBe(true)
  })

  test('the reference group may be named, the crossing left out', async () => {
    const table = await scratch.context.tables.write(people)
    const evaluation = await audit(table, undefined, {
      references: [{ column: 'sex', group: 'f' }],
      intersections: false,
      protected: ['sex'],
    })
    expect(group(evaluation, 'sex', 'f').reference).toBe(true)
    expect(group(evaluation, 'sex', 'm').ratio.value).toBeCloseTo(3, 12)
    expect(evaluation.fairness!.intersections).toEqual([])
  })

  test('weights count', async () => {
    const weighted = frameOf(
      ...people.columns,
      columnFrom('w', 'number', [3, 1, 1, 1, 1, 1, 1, 1, 1, 1], { role: 'weight' }),
    )
    const evaluation = await audit(await scratch.context.tables.write(weighted))
    expect(group(evaluation, 'sex', 'f').rate).toMatchObject({ value: 0.5, n: 4 })
  })
})

describe('problems', () => {
  test('before a run: columns, edges, references, favourable class', async () => {
    const { columns } = people
    expect((await infer(columns.filter(({ role }) => role !== 'protected')))[0]!.code).toBe('role-missing')
    expect((await infer(columns.filter(({ role }) => role !== 'target')))[0]!.code).toBe('role-missing')
    expect((await infer(columns, { protected: ['nowhere'] }))[0]).toMatchObject({ code: 'column-unknown' })
    expect((await infer(columns, { references: [{ column: 'x', group: 'f' }] }))[0]!.path).toEqual([
      'params',
      'references',
      0,
      'column',
    ])
    expect((await infer(columns, { protected: ['x'], bins: [{ column: 'x', edges: 'thirty' }] }))[0]!.code).toBe(
      'parameter-bad',
    )
    expect((await infer(columns, { bins: [{ column: 'sex', edges: '3' }] }))[0]!.code).toBe('column-type')
    const model = { purpose: 'binary', classes: ['no', 'yes'], target: 'yes', features: [] }
    expect((await infer(columns, { favourable: 'maybe' }, model))[0]!.path).toEqual(['params', 'favourable'])
    expect(await infer(columns, {}, model)).toMatchObject({ evaluation: {} })
  })

  test('in a run: unknown groups, no rows, too many groups, a constant outcome', async () => {
    const table = await scratch.context.tables.write(people)
    expect(
      (await problemsOfAudit(table, undefined, { references: [{ column: 'sex', group: 'x' }] }))[0]!.fix,
    ).toContain('f, m')
    expect((await problemsOfAudit(table, undefined, { favourable: 'perhaps' }))[0]!.fix).toContain('no, yes')
    const empty = frameOf(...people.columns.map(({ name, type, role }) => columnFrom(name, type, [], { role })))
    expect((await problemsOfAudit(await scratch.context.tables.write(empty)))[0]!.code).toBe('rows-missing')
    const many = frameOf(
      columnFrom(
        'name',
        'text',
        Array.from({ length: 150 }, (_, i) => `p${i}`),
        { role: 'protected' },
      ),
      columnFrom(
        'yes',
        'text',
        Array.from({ length: 150 }, (_, i) => (i % 2 ? 'yes' : 'no')),
        { role: 'target' },
      ),
    )
    expect((await problemsOfAudit(await scratch.context.tables.write(many)))[0]!.code).toBe('not-supported')
    const constant = frameOf(
      people.columns[0]!,
      columnFrom('yes', 'text', new Array(10).fill('no'), { role: 'target' }),
    )
    const evaluation = await audit(await scratch.context.tables.write(constant))
    expect(evaluation.fairness!.favourable).toBe('no')
    expect(figure(evaluation, 'fairness.ratio.sex').value).toBe(1)
  })

  test('edges of numbers and dates', () => {
    expect(parseEdges(' 30, 60;75 ')).toEqual([30, 60, 75])
    expect(parseEdges('2000-01-31')).toEqual([Date.UTC(2000, 0, 31)])
    expect(parseEdges('')).toBeUndefined()
    expect(parseEdges('30, x')).toBeUndefined()
  })
})

test('the report says the finding in words, with figures by group and gaps', async () => {
  const evaluation = await audit(loans, loanModel)
  const inputs = { table: loans, model: loanModel }
  const blocks = await node.report!({
    inputs,
    outputs: { evaluation },
    hashes: { table: hash('c'), model: hash('b') },
    params: node.params.parse({}),
    context: scratch.context,
  })
  const [first] = blocks
  expect(first).toMatchObject({ block: 'text', tone: 'bad' })
  expect(JSON.stringify(first)).toContain('four-fifths rule asks for at least 80')
  expect(blocks.some((block) => block.block === 'chart')).toBe(true)
  const tables = blocks.filter((block) => block.block === 'table')
  expect(tables.map(({ title }) => title)).toContain('Largest gaps between groups')
  expect(tables.at(-1)!.rows.map(([name]) => name)).toEqual([
    'Theil index',
    'Generalised entropy, α = 2',
    'Consistency',
  ])
})
