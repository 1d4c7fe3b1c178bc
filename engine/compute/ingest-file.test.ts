import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonValue, ProblemError, Table } from '#contract'
import { cellText } from '#ml/frame'
import { openSession } from './duckdb-session.ts'
import { openScratch, type Scratch } from './scratch.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())

async function texts(table: Table): Promise<(string | null)[][]> {
  const frame = await scratch.context.tables.read(table)
  return Array.from({ length: frame.rows }, (_, row) => frame.columns.map((column) => cellText(column, row)))
}

let next = 0
async function read(
  content: string | Uint8Array,
  options: Record<string, JsonValue> = {},
  name = `file-${next++}.csv`,
) {
  writeFileSync(path.join(scratch.folder, name), content)
  const { table, rejected, reading } = await scratch.context.tables.ingest(name, options)
  const peeked = await scratch.infer.peek(name, options)
  expect(peeked.columns).toEqual(table.columns)
  return {
    table,
    types: Object.fromEntries(table.columns.map((column) => [column.name, column.type])),
    rows: await texts(table),
    rejected: await texts(rejected),
    reading: reading as Record<string, JsonValue>,
  }
}

async function problem(work: Promise<unknown>): Promise<ProblemError> {
  return work.then(
    () => {
      throw new Error('no problem')
    },
    (error: ProblemError) => error,
  )
}

describe('dialects', () => {
  test('semicolons with decimal commas and thousands points', async () => {
    const { types, rows, reading } = await read('name;amount;share\nA;1.234,50;0,5\nB;12,00;1,25\n')
    expect(types).toEqual({ name: 'text', amount: 'number', share: 'number' })
    expect(rows).toEqual([
      ['A', '1234.5', '0.5'],
      ['B', '12', '1.25'],
    ])
    expect(reading).toMatchObject({ delimiter: ';', decimal: ',', thousands: '.' })
  })
  test('tabs, pipes, blanks after commas, comments', async () => {
    expect((await read('a\tb\n1\tx\n')).rows).toEqual([['1', 'x']])
    expect((await read('a|b\n1|x\n')).rows).toEqual([['1', 'x']])
    const { rows, reading } = await read('# made by hand\na, b\n1, x\n2, "y, z"\n')
    expect(rows).toEqual([
      ['1', 'x'],
      ['2', 'y, z'],
    ])
    expect(reading).toMatchObject({ comments: 1, header: true })
  })
  test('no header: names are made up', async () => {
    const { table, rows } = await read('39, State-gov, <=50K\n50, Self-emp, >50K\n38, ?, <=50K\n')
    expect(table.columns.map((column) => column.name)).toEqual(['column1', 'column2', 'column3'])
    expect(rows[2]).toEqual(['38', null, '<=50K'])
  })
  test('blank and repeated headers become unique', async () => {
    const { table } = await read('id,,id,id\n1,2,3,4\n')
    expect(table.columns.map((column) => column.name)).toEqual(['id', 'column2', 'id_2', 'id_3'])
  })
  test('a header one short of the rows names all but the first column', async () => {
    const { table, rows } = await read('x,y\nr1,1,2\nr2,3,4\n')
    expect(table.columns.map((column) => column.name)).toEqual(['column1', 'x', 'y'])
    expect(rows[1]).toEqual(['r2', '3', '4'])
  })
})

describe('encodings and packings', () => {
  const plain = 'id,city\n1,Zürich\n2,Köln\n'
  const expected = [
    ['1', 'Zürich'],
    ['2', 'Köln'],
  ]
  test.each([
    ['utf-8', Buffer.from(plain)],
    ['utf-8 with a mark', Buffer.from(`\uFEFF${plain}`)],
    ['latin-1', Buffer.from(plain, 'latin1')],
    ['utf-16le with a mark', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['utf-16le', Buffer.from(plain, 'utf16le')],
    ['utf-16be', Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()],
    ['gzip', gzipSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['CR LF', Buffer.from(plain.replaceAll('\n', '\r\n'))],
    ['CR', Buffer.from(plain.replaceAll('\n', '\r'))],
    ['no last line end', Buffer.from(plain.trimEnd())],
  ])('%s', async (_, bytes) => {
    const { rows, types } = await read(bytes)
    expect(rows).toEqual(expected)
    expect(types).toEqual({ id: 'integer', city: 'text' })
  })
  test('a line that is not in the chosen encoding is rejected, not mangled', async () => {
    const { rows, rejected } = await read(Buffer.from(`${plain}3,Rom\n`, 'latin1'), { encoding: 'utf-8' })
    expect(rows).toEqual([['3', 'Rom']])
    expect(rejected.map(([, line]) => line)).toEqual(['2', '3'])
  })
})

describe('types', () => {
  test('codes, large numbers, booleans, exponents, signs', async () => {
    const { types, rows } = await read(
      'code,large,safe,flag,exponent,sign,percent\n01,9007199254740993,9007199254740991,TRUE,1e3,-0,95%\n2,5,-7,false,.5,+4,7%\n',
    )
    expect(types).toEqual({
      code: 'text',
      large: 'text',
      safe: 'integer',
      flag: 'boolean',
      exponent: 'number',
      sign: 'integer',
      percent: 'text',
    })
    expect(rows[0]).toEqual(['01', '9007199254740993', '9007199254740991', 'true', '1000', '0', '95%'])
  })
  test('dates in three orders, times and zones; what is ambiguous stays text', async () => {
    const { types, rows, reading } = await read(
      'iso,day,month,dots,zone,either\n2020-01-31,31/01/2020,01/31/2020,01.02.2020,2020-01-01T15:00:00+03:00,01/02/2020\n',
    )
    expect(types).toEqual({ iso: 'date', day: 'date', month: 'date', dots: 'date', zone: 'date', either: 'text' })
    expect(rows[0]!.slice(0, 5)).toEqual([
      '2020-01-31T00:00:00.000Z',
      '2020-01-31T00:00:00.000Z',
      '2020-01-31T00:00:00.000Z',
      '2020-02-01T00:00:00.000Z',
      '2020-01-01T12:00:00.000Z',
    ])
    expect(reading['notes']).toHaveLength(1)
    const forced = await read('either\n01/02/2020\n', { dates: 'month-first' })
    expect(forced.rows).toEqual([['2020-01-02T00:00:00.000Z']])
  })
  test('a day that does not exist is no date', async () => {
    expect((await read('day\n2021-02-29\n2021-03-01\n')).types).toEqual({ day: 'text' })
  })
  test('thousands marks only where they may stand', async () => {
    expect((await read('n;m\n1,234;1\n12,345,678;2\n', { decimal: '.' })).rows[1]![0]).toBe('12345678')
    expect((await read('n;m\n1,23,4;1\n')).types).toEqual({ n: 'text', m: 'integer' })
    expect((await read('n\n"1 234,5"\n"12 000 000,25"\n')).rows).toEqual([['1234.5'], ['12000000.25']])
  })
  test('missing spellings, by default and by choice', async () => {
    const { rows, types } = await read('a,b\n?,NA\n1,x\n')
    expect(rows[0]).toEqual([null, null])
    expect(types).toEqual({ a: 'integer', b: 'text' })
    const chosen = await read('a,b\n-9,NA\n1,x\n', { missing: ['-9'] })
    expect(chosen.rows[0]).toEqual([null, 'NA'])
  })
  test('chosen types win; unknown columns are a problem', async () => {
    expect((await read('a,b\n1,2\n', { types: { a: 'text', b: 'number' } })).types).toEqual({ a: 'text', b: 'number' })
    const list = await read('a,b\n1,2\n', { types: [{ column: 'a', type: 'text' }] })
    expect(list.types['a']).toBe('text')
    writeFileSync(path.join(scratch.folder, 'unknown.csv'), 'a\n1\n')
    const error = await problem(scratch.context.tables.ingest('unknown.csv', { types: { nope: 'text' } }))
    expect(error.problems[0]).toMatchObject({ code: 'column-unknown', columns: ['nope'] })
  })
  test('a column without a cell is text', async () => {
    expect((await read('a,b\n1,\n2,\n')).types).toEqual({ a: 'integer', b: 'text' })
  })
})

describe('rejected lines', () => {
  test('ragged rows with their line and reason', async () => {
    const { rows, rejected } = await read('a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,\n,,\n')
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ])
    expect(rejected.map(([, line, text, reason]) => [line, text, reason])).toEqual([
      ['3', '4,5', '2 cells where 3 are expected'],
      ['4', '6,7,8,9', '4 cells where 3 are expected'],
      ['6', ',,', 'all cells are empty'],
    ])
  })
  test('quotes gone wrong cost one line each', async () => {
    const { rows, rejected } = await read('a,b\n1,"x\n2,y\n3,"z"w\n4,"two\nlines"\n5,5" pipe\n')
    expect(rows).toEqual([
      ['2', 'y'],
      ['4', 'two\nlines'],
      ['5', '5" pipe'],
    ])
    expect(rejected.map(([, line, text]) => [line, text])).toEqual([
      ['2', '1,"x'],
      ['4', '3,"z"w'],
    ])
  })
  test('a cell that does not fit its column, behind the sample', async () => {
    const lines = Array.from({ length: 600_000 }, (_, row) => `${row},${row * 2}`)
    lines[310_000] = '310000,many'
    lines[599_999] = '599999,1.5'
    const { rows, rejected, types } = await read(`id,count\n${lines.join('\n')}\n`)
    if (types['count'] === 'integer') {
      expect(rows).toHaveLength(599_998)
      expect(rejected).toEqual([
        [expect.any(String), '310002', '310000,many', 'count: "many" is not a whole number'],
        [expect.any(String), '600001', '599999,1.5', 'count: "1.5" is not a whole number'],
      ])
    } else expect(rows).toHaveLength(600_000)
  })
  test('nothing readable at all is a problem with a cure', async () => {
    writeFileSync(path.join(scratch.folder, 'none.csv'), 'a,b\n1\n2\n3,4,5\n')
    const error = await problem(scratch.context.tables.ingest('none.csv', { types: { a: 'date' } }))
    expect(error.problems[0]).toMatchObject({ code: 'file-format' })
    expect(error.problems[0]!.fix).toMatch(/^[A-Z]/)
  })
})

describe('files', () => {
  test('a row limit', async () => {
    expect((await read('a\n1\n2\n3\n', { rows: 2 })).rows).toEqual([['1'], ['2']])
  })
  test('a glob reads files in the order of their names', async () => {
    writeFileSync(path.join(scratch.folder, 'part-2.csv'), 'a,b\n3,z\n')
    writeFileSync(path.join(scratch.folder, 'part-1.csv'), 'a,b\n1,x\n2,y\n')
    const { table, rejected } = await scratch.context.tables.ingest('part-*.csv', {})
    expect(await texts(table)).toEqual([
      ['1', 'x'],
      ['2', 'y'],
      ['3', 'z'],
    ])
    expect(rejected.rows).toBe(0)
    writeFileSync(path.join(scratch.folder, 'part-3.csv'), 'b,a\nz,3\n')
    expect((await problem(scratch.context.tables.ingest('part-*.csv', {}))).code).toBe('file-format')
  })
  test('missing, empty, binary, unsupported', async () => {
    const { ingest } = scratch.context.tables
    expect((await problem(ingest('nowhere.csv', {}))).code).toBe('file-unreadable')
    expect((await problem(ingest('', {}))).code).toBe('parameter-bad')
    writeFileSync(path.join(scratch.folder, 'empty.csv'), '')
    expect((await problem(ingest('empty.csv', {}))).code).toBe('file-format')
    writeFileSync(path.join(scratch.folder, 'binary.csv'), Buffer.from([1, 0, 0, 0, 2, 9, 0, 0, 1, 1, 1]))
    expect((await problem(ingest('binary.csv', {}))).code).toBe('file-format')
    writeFileSync(path.join(scratch.folder, 'broken.csv.gz'), gzipSync('a\n1\n').subarray(0, 20))
    expect((await problem(ingest('broken.csv.gz', {}))).code).toBe('file-format')
    writeFileSync(
      path.join(scratch.folder, 'bytes.csv'),
      Uint8Array.from({ length: 5_000 }, (_, index) => index % 256),
    )
    expect((await problem(ingest('bytes.csv', {}))).message).toBe('bytes.csv is not a text file.')
    writeFileSync(path.join(scratch.folder, 'book.xlsx'), 'PK\u0003\u0004')
    const error = await problem(ingest('book.xlsx', {}))
    expect(error.code).toBe('not-supported')
    expect(error.problems[0]!.fix).toContain('CSV')
  })
  test('Parquet through DuckDB: types, large integers as text, row limit', async () => {
    const file = path.join(scratch.folder, 'made.parquet')
    const session = await openSession({ temporary: scratch.folder, threads: 1, bytes: 2 ** 28, cancelled: () => false })
    await session.run(
      `COPY (SELECT i::INTEGER AS id, 9007199254740993 + i AS large, i / 4 AS ratio, i::DECIMAL(9,2) AS money,
        'word' || i % 3 AS word, DATE '2020-01-01' + i::INTEGER AS day, i % 2 = 0 AS flag, TIME '12:00:00' AS clock
        FROM range(10) t(i)) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
    )
    session.close()
    const { table } = await scratch.context.tables.ingest('made.parquet', {})
    const peeked = await scratch.infer.peek('made.parquet', {})
    expect(peeked).toEqual({ columns: table.columns, rows: 10 })
    expect(table.columns.map((column) => column.type)).toEqual([
      'integer',
      'text',
      'number',
      'number',
      'text',
      'date',
      'boolean',
      'text',
    ])
    expect((await texts(table))[3]).toEqual([
      '3',
      '9007199254740996',
      '0.75',
      '3',
      'word0',
      '2020-01-04T00:00:00.000Z',
      'false',
      '12:00:00',
    ])
    const limited = await scratch.context.tables.ingest('made.parquet', { rows: 2, types: { id: 'text' } })
    expect(limited.table.rows).toBe(2)
    expect(limited.table.columns[0]!.type).toBe('text')
  })
})

const awkward = path.resolve('../shared/data/csv_edge_cases')
describe.skipIf(!existsSync(awkward))('awkward files (skipped where ../shared/data is absent)', () => {
  const folder = path.join(awkward, 'csv_spectrum/csvs')
  // The JSON of location_coordinates belongs to another row than the CSV, and newlines_crlf.csv has no CR left in it.
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'location_coordinates.csv') : []
  test.each(names)('csv-spectrum %s', async (name) => {
    const json = readFileSync(path.join(folder, '../json', name.replace('.csv', '.json')), 'utf8').replaceAll(
      '\\r\\n',
      '\\n',
    )
    const expected = JSON.parse(json) as Record<string, string>[]
    const { rows, table, rejected } = await read(readFileSync(path.join(folder, name)))
    const found = rows.map((row) =>
      Object.fromEntries(table.columns.map(({ name: column }, index) => [column, row[index] ?? ''])),
    )
    expect(rejected).toEqual([])
    expect(found).toEqual(expected)
  })
  const frictionless = (name: string) => read(readFileSync(path.join(awkward, 'frictionless', name)))
  test('ragged, headerless, latin-1, delimiter, comment', async () => {
    expect(await frictionless('defective-rows.csv').catch((error: ProblemError) => error.code)).toBe('file-format')
    expect((await frictionless('without-headers.csv')).rows[1]).toEqual(['2', '中国人'])
    expect((await frictionless('latin1.csv')).rows[1]).toEqual(['2', '©'])
    expect((await frictionless('delimiter.csv')).rows[1]).toEqual(['2', '中国人'])
    expect((await frictionless('bom.csv')).table.columns[0]!.name).toBe('id')
    expect((await frictionless('matrix-with-comment.csv')).table.columns[0]!.name).toBe('f1')
    expect((await frictionless('leading-zeros.csv')).rows).toEqual([['01'], ['002'], ['00003']])
    expect((await frictionless('blank-headers.csv')).table.columns[1]!.name).toBe('column2')
    expect((await frictionless('blank-rows-multiple.csv')).rejected).toHaveLength(11)
    expect((await frictionless('numeric-labels.csv')).types['100022']).toBe('boolean')
  })
  test('ten typed columns, 9 999 rows', async () => {
    const { types, rows, rejected } = await frictionless('table-10x10k.csv')
    expect(Object.values(types)).toEqual([
      'text',
      'integer',
      'number',
      'number',
      'boolean',
      'date',
      'date',
      'text',
      'text',
      'text',
    ])
    expect([rows.length, rejected.length]).toEqual([9_999, 0])
  })
})

const shared = path.resolve('../shared/data')
describe.skipIf(!existsSync(shared))('real files (skipped where ../shared/data is absent)', () => {
  test.each([
    ['adult/adult.data', 32_561, 15, 0],
    ['adult/adult_with_header.csv.gz', 48_842, 16, 0],
    ['german_credit/german_credit.csv', 1_000, 22, 0],
    ['german_credit/german.data', 1_000, 21, 0],
    ['credit_default/default_of_credit_card_clients.csv', 30_000, 24, 0],
    ['hmda_boston/hmda.csv', 2_380, 15, 0],
    ['lending_club/loans_full_schema.csv', 10_000, 56, 0],
    ['telco_churn/Telco-Customer-Churn.csv', 7_043, 21, 0],
    ['california_housing/housing.csv', 20_640, 10, 0],
    ['ames_housing/ames.csv', 2_930, 75, 0],
    ['bike_sharing/hour.csv', 17_379, 17, 0],
    ['electricity_elec2/elec.csv', 45_312, 7, 0],
    ['sms_spam/spam_cp1252.csv', 5_573, 5, 0],
    ['covertype_sample/covtype_15000.csv', 15_000, 55, 0],
    ['titanic/titanic.csv', 891, 12, 0],
    ['wine_quality/winequality-red.csv', 1_599, 12, 0],
    ['breast_cancer/breast_cancer_wdbc.csv', 569, 31, 0],
    ['iris/iris.csv', 150, 5, 0],
    ['flights_200k/flights-200k.parquet', 231_083, 3, 0],
  ])('%s', async (file, rows, columns, lost) => {
    const { table, rejected } = await scratch.context.tables.ingest(path.join(shared, file), {})
    expect([table.rows, table.columns.length, rejected.rows]).toEqual([rows, columns, lost])
    expect((await scratch.infer.peek(path.join(shared, file), {})).columns).toEqual(table.columns)
  })
})
