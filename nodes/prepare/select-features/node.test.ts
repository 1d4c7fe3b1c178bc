import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { FeatureOpinion, Hash, ProblemError, Table } from '#contract'
import { cellText } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import { featureColumns } from './features-table.ts'
import node from './node.ts'

const count = 400
const random = createRandom(5)
const draw = <T>(value: (row: number) => T) => Array.from({ length: count }, (_, row) => value(row))
const income = draw(() => 20 + 60 * random.uniform())
const debt = draw(() => random.uniform())
const region = draw(() => ['north', 'south', 'east', 'west'][random.integer(4)]!)
const part = draw((row) => (row % 4 === 3 ? 'test' : 'train'))
const good = draw((row) => income[row]! / 80 - debt[row]! + (region[row] === 'north' ? 0.4 : 0) > 0.1)
const mostlyInTest = draw((row) => (row % 4 === 3 || row % 20 === 0 ? row : null))
const frame = frameOf(
  columnFrom('income', 'number', income),
  columnFrom(
    'income in cents',
    'number',
    draw((row) => Math.round(100 * income[row]! + 40 * random.normal())),
  ),
  columnFrom('debt', 'number', debt),
  columnFrom('region', 'text', region),
  columnFrom(
    'region "code"',
    'text',
    region.map((name) => name[0]!.toUpperCase()),
  ),
  columnFrom('note', 'number', mostlyInTest),
  columnFrom(
    'same',
    'text',
    draw(() => 'x'),
  ),
  columnFrom(
    'seldom',
    'boolean',
    draw((row) => row % 100 === 1),
  ),
  columnFrom(
    'noise',
    'number',
    draw(() => random.normal()),
  ),
  columnFrom(
    'sex',
    'text',
    draw(() => (random.uniform() < 0.5 ? 'f' : 'm')),
    { role: 'protected' },
  ),
  columnFrom('part', 'text', part, { role: 'split' }),
  columnFrom(
    'ok',
    'text',
    good.map((value) => (value ? 'yes' : 'no')),
    { role: 'target' },
  ),
)

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const params = (given: Record<string, unknown>) => node.params.parse({ trees: 40, ...given })
async function select(given: Record<string, unknown> = {}, opinions: readonly FeatureOpinion[] = []) {
  const context = { ...scratch.context, opinions }
  const made = await node.run({
    inputs: { table },
    hashes: { table: 'a'.repeat(64) as Hash },
    params: params(given),
    context,
  })
  const { kept, discarded, steps } = made.selection.selection!
  return { ...made, kept, discarded, steps, names: kept.map(({ feature }) => feature) }
}
const rejected = async (given: Record<string, unknown>) => {
  const error: ProblemError = await select(given).catch((thrown) => thrown)
  return error.problems[0]!
}

test('the funnel tells of each discarded feature the step, the reason, the number and the twin', async () => {
  const { discarded, steps, names, table: out } = await select()
  expect(discarded.map(({ feature, step, twin }) => [feature, step, twin])).toEqual([
    ['note', 'Mostly missing', undefined],
    ['same', 'Near-zero variance', undefined],
    ['seldom', 'Near-zero variance', undefined],
    [expect.stringContaining('income'), 'Twins among numbers', expect.stringContaining('income')],
    ['region "code"', 'Twins among categories', 'region'],
  ])
  // 20 of 300 training rows have a note, though half of all rows have one
  expect(discarded[0]).toMatchObject({ value: expect.closeTo(280 / 300, 12), limit: 0.6 })
  expect(discarded[0]!.reason).toBe('93\u00a0% of its training cells are missing, more than 60\u00a0%')
  expect(discarded[2]).toMatchObject({ value: 74, limit: 19 })
  expect(discarded[4]).toMatchObject({ value: 1, reason: 'Cramér’s V 1.00 with region, which stays' })
  expect(steps.map(({ before, discarded: gone }) => [before, gone])).toEqual([
    [9, 1],
    [8, 2],
    [6, 1],
    [5, 1],
    [4, 0],
  ])
  expect(out.data).toBe(table.data)
  const features = out.columns.filter(({ role }) => role === undefined).map(({ name }) => name)
  expect(features).toEqual(names)
  expect(out.columns.find(({ name }) => name === 'note')?.role).toBe('label')
  expect(out.columns.find(({ name }) => name === 'sex')?.role).toBe('protected')
})

test('the table of features tells what became of each, in their order', async () => {
  const wish = { feature: 'same', opinion: 'keep', reviewer: 'M. Weber', role: '' } as const
  const { features, discarded, kept } = await select({}, [wish])
  const read = await scratch.context.tables.read(features)
  expect(read.columns.map(({ name, type, nullable, role }) => ({ name, type, nullable, role }))).toEqual(featureColumns)
  const row = (feature: string) => {
    const at = frame.columns.findIndex(({ name }) => name === feature)
    return Object.fromEntries(read.columns.map((column) => [column.name, cellText(column, at)]))
  }
  expect(read.rows).toBe(kept.length + discarded.length)
  const twin = discarded.find((one) => one.step === 'Twins among categories')!
  expect(row('region "code"')).toMatchObject({
    feature: 'region "code"',
    kept: 'false',
    step: twin.step,
    reason: twin.reason,
    value: '1',
    limit: '0.95',
    twin: 'region',
    score: null,
    reviewers: null,
  })
  expect(row('same')).toMatchObject({ kept: 'true', step: 'Near-zero variance', reviewers: 'M. Weber', twin: null })
  expect(row('noise')).toMatchObject({ kept: 'true', step: null, reason: null })
})

test('a rare value that goes with the target keeps its feature, as capital gains do', async () => {
  const seldom = draw((row) => row % 50 === 2)
  const gains = frameOf(
    columnFrom(
      'gains',
      'number',
      seldom.map((value) => (value ? 5 : 0)),
    ),
    columnFrom(
      'ok',
      'text',
      seldom.map((value, row) => (value || row % 3 === 0 ? 'yes' : 'no')),
      { role: 'target' },
    ),
  )
  const written = await scratch.context.tables.write(gains)
  const on = (given: Record<string, unknown>) =>
    node.run({
      inputs: { table: written },
      hashes: { table: undefined },
      params: params(given),
      context: scratch.context,
    })
  expect((await on({})).selection.selection!.discarded).toEqual([])
  await expect(on({ tellingAlpha: 0 })).rejects.toMatchObject({ code: 'data-bad' })
})

test('a feature with one value that is often missing is not constant: that it is missing may tell', async () => {
  const known = columnFrom(
    'known',
    'number',
    draw((row) => (row % 2 ? 1 : null)),
  )
  const empty = columnFrom(
    'empty',
    'text',
    draw(() => null),
  )
  const written = await scratch.context.tables.write(frameOf(known, empty, frame.columns.at(-1)!))
  const made = await node.run({
    inputs: { table: written },
    hashes: { table: undefined },
    params: params({ mostMissing: 1, leastImportance: 0 }),
    context: scratch.context,
  })
  const { kept, discarded } = made.selection.selection!
  expect([kept.map(({ feature }) => feature), discarded.map(({ feature }) => feature)]).toEqual([['known'], ['empty']])
})

test('what must stay stays, and what a reviewer wants comes back with the name', async () => {
  const wish = { feature: 'same', opinion: 'keep', reviewer: 'M. Weber', role: 'credit officer' } as const
  const ask = { feature: 'seldom', opinion: 'ask', reviewer: 'J. Ode', role: '' } as const
  const twin = ['income', 'income in cents']
  const { names, kept, discarded } = await select({ always: twin }, [wish, ask])
  expect(names).toEqual(['income', 'income in cents', 'debt', 'region', 'same', 'noise'])
  expect(kept[4]!.spared).toEqual({
    step: 'Near-zero variance',
    reason: 'It has one value in all training rows',
    by: ['M. Weber (credit officer)'],
  })
  const spared = kept.filter((one) => one.spared && twin.includes(one.feature))
  expect(spared.map((one) => one.spared!.step)).toEqual(['Twins among numbers'])
  expect(discarded.find(({ feature }) => feature === 'seldom')?.asked).toEqual(['J. Ode'])
  expect((await select({ consult: false }, [wish])).names).not.toContain('same')
  const { selection } = await select({}, [wish])
  expect(
    node.card!({ inputs: { table }, outputs: { table, selection, features: table }, params: params({}) }).text,
  ).toBe('**5** of 9 features kept, 1 by reviewers')
})

test.each([
  ['k-best', { keep: 3 }, ['income', 'debt', 'region'], 'Best 3 by F'],
  ['percentile', { share: 50, score: 'itakura-saito' }, 2, 'Best 50 % by Itakura-Saito divergence'],
  ['elimination', { keep: 2 }, ['income', 'debt'], 'Recursive elimination'],
  ['boruta', { runs: 30 }, ['income', 'debt', 'region'], 'Boruta'],
] as const)('%s ends the funnel', async (method, given, wanted, title) => {
  const { kept, steps, names } = await select({ method, numberTwins: 0.5, ...given })
  const plain = names.map((name) => name.replace(' in cents', ''))
  if (typeof wanted === 'number') expect(names).toHaveLength(wanted)
  else expect(plain).toEqual(wanted)
  expect(steps.at(-1)!.step).toBe(title)
  expect(kept.every(({ score }) => score !== null)).toBe(true)
})

test('the method alone, for a number, takes the same whatever the test rows say', async () => {
  const given = { target: 'income', funnel: false, method: 'k-best', score: 'mutual-information', keep: 1 }
  const { names, steps, selection } = await select(given)
  expect(names).toEqual(['income in cents'])
  expect(steps).toEqual([{ step: 'Best 1 by mutual information', before: 8, discarded: 7 }])
  expect(selection).toMatchObject({ split: 'train', rows: 300 })
  const test0 = frame.columns.map((column) => {
    const { cells } = column
    if (cells.kind === 'text') return column
    return { ...column, cells: { ...cells, values: cells.values.map((x, row) => (part[row] === 'test' ? 1 : x)) } }
  })
  const changed = await scratch.context.tables.write({ rows: count, columns: test0 })
  const other = await node.run({
    inputs: { table: changed },
    hashes: { table: 'a'.repeat(64) as Hash },
    params: params({ method: 'boruta', runs: 10 }),
    context: scratch.context,
  })
  const same = await select({ method: 'boruta', runs: 10 })
  expect(other.selection).toEqual(same.selection)
})

test('refuses what would leave nothing, and scores that do not fit', async () => {
  const nothing = { method: 'boruta', runs: 10, undecided: 'discard', level: 1e-9 }
  expect(await rejected(nothing)).toMatchObject({ code: 'data-bad', fix: expect.stringMatching(/^Loosen/) })
  const negative = { method: 'k-best', score: 'chi-square' }
  expect(await rejected(negative)).toMatchObject({
    code: 'data-bad',
    message: 'noise has negative numbers, and the chi-square score adds up counts.',
    fix: expect.stringMatching(/^Choose/),
  })
  const inferred = await node.infer({
    inputs: { table: { columns: table.columns } },
    params: params({ ...negative, target: 'income' }),
    context: scratch.infer,
  })
  expect(inferred).toMatchObject([{ code: 'parameter-bad', path: ['params', 'score'] }])
})

test('reports the steps, the discarded and who wanted what', async () => {
  const wish = { feature: 'note', opinion: 'keep', reviewer: 'M. Weber', role: '' } as const
  const { selection } = await select({}, [wish])
  const blocks = await node.report!({
    inputs: { table },
    outputs: { table, selection, features: table },
    hashes: { table: undefined },
    params: params({}),
    context: scratch.context,
  })
  const titles = blocks.flatMap((block) => ('title' in block ? [block.title] : []))
  expect(titles).toEqual(['Features left after each step', 'Discarded', 'Kept all the same', 'Kept'])
  expect(JSON.stringify(blocks)).toContain('M. Weber')
})
