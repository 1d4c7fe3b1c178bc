import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openParquet } from '#compute/parquet/read-parquet'
import type { Hash, Model, QueuedCase } from '#contract'
import { catalogue } from '#nodes'
import { openBatchModel } from '#serve/batch/batch-model'
import { scoreRows } from '#serve/batch/score-group'
import { feedFrame, rowReader } from '#serve/row-check'
import { type RegisteredServer, serveRegistered } from '#serve/serve-registered'
import { deployment, type TestingRegistry, testingRegistry } from '#serve/testing-registry'
import { openContentFiles } from '#store/content-files'
import { openDatabase } from '#store/database'
import { artifactsFolder, storeFolder } from '#store/open-store'
import { chooseVersion } from '#store/read-registry'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let registry: TestingRegistry
let server: RegisteredServer
let model: Model
type Cell = string | number | boolean | null
let rows: Record<string, Cell>[]

beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  const run = await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
  const output = (node: string, port: string) => run.steps.find((step) => step.node === node)!.outputs[port]!.hash
  model = (await registry.engine.value({ hash: output('linear', 'model') })) as unknown as Model
  const table = output('loans', 'table') as Hash
  const page = await registry.engine.rows({ table, offset: 0, limit: 400 })
  rows = page.rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [page.columns[at]!.name, cell])))
  server = await serveRegistered({
    project: registry.project,
    name: 'loans',
    selector: 'production',
    port: 0,
    host: '127.0.0.1',
  })
}, 60_000)
afterAll(async () => {
  await server?.close()
  await registry?.close()
})

const at = (file: string) => path.join(registry.project, file)
async function plumbline(...words: string[]) {
  const io = testingIo(registry.project)
  const code = await main(words, io)
  return { code, ...io.written }
}
const quoted = (cell: Cell) => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`)
const csvOf = (list: readonly Record<string, Cell>[]) =>
  `${[Object.keys(list[0]!).join(','), ...list.map((row) => Object.values(row).map(quoted).join(','))].join('\n')}\n`

/** What the server answers, asked in one request; alone a row is scored the same, to the bit. */
async function served(list: readonly unknown[]) {
  const ask = async (some: readonly unknown[], query = '') => {
    const body = JSON.stringify({ rows: some })
    const answer = await fetch(`${server.origin}/v1/predict${query}`, { method: 'POST', body })
    return ((await answer.json()) as { predictions: Prediction[] }).predictions
  }
  const predictions = await ask(list, '?reasons=1')
  const alone = await Promise.all(list.slice(0, 40).map(async (one) => (await ask([one]))[0]!.score))
  expect(alone).toEqual(predictions.slice(0, 40).map(({ score }) => score))
  return predictions
}
interface Prediction {
  readonly decision: string
  readonly score: number
  readonly reasons: { readonly contributions: readonly { readonly feature: string }[] }
}

/** Records of a CSV file without line ends in its cells. */
function records(file: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
  const cut = (line: string) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell!.replace(/^"|"$/g, ''))
  const names = cut(head!)
  return lines.map((line) => {
    const cells = cut(line)
    return Object.fromEntries(names.slice(0, -1).map((name, place) => [name, cells[place]!]))
  })
}

test('scores are the served ones to the bit, bad rows go to a file with line and reason', {
  timeout: 30_000,
}, async () => {
  const broken = [
    rows[0]!,
    { ...rows[1]!, debt_ratio: 'high' },
    { ...rows[2]!, employment: 'pirate' },
    ...rows.slice(3),
  ]
  writeFileSync(at('new.csv'), csvOf(broken))
  const told = await plumbline('batch', 'loans', 'new.csv', '--out', 'scored.csv', '--reasons')
  expect(told).toMatchObject({ code: 0 })
  expect(told.out).toContain('398 rows scored by loans version 1: scored.csv\n2 rows rejected: scored.rejected.csv')
  expect(told.error).toContain('100')
  const expected = await served([rows[0], ...rows.slice(3)])
  const scored = records(at('scored.csv'))
  expect(scored.map(({ score }) => Number(score))).toEqual(expected.map(({ score }) => score))
  expect(scored.map(({ decision }) => decision)).toEqual(expected.map(({ decision }) => decision))
  expect(scored.map((row) => row.reason_1)).toEqual(expected.map(({ reasons }) => reasons.contributions[0]!.feature))
  const rejected = readFileSync(at('scored.rejected.csv'), 'utf8')
  expect(rejected).toMatch(/new\.csv,3,,.*debt_ratio.*high.*is not a number/)
  expect(rejected).toMatch(/new\.csv,4,\d+,.*employment.*pirate.*one of/)
  const [batch] = JSON.parse((await plumbline('batches', '--json')).out)
  expect(batch).toMatchObject({ name: 'loans', version: 1, status: 'done', rows: 398, rejected: 2, reasons: true })
  expect(batch.model).toHaveLength(64)
  expect((await plumbline('models', 'show', 'loans')).out).toContain('Version 1 scored 398 rows')
})

test('Parquet goes in and comes out; columns that stay are chosen', { timeout: 30_000 }, async () => {
  writeFileSync(at('small.csv'), csvOf(rows.slice(0, 50)))
  const abandoned = at('.plumbline/batches/abandoned')
  mkdirSync(abandoned, { recursive: true })
  utimesSync(abandoned, 0, 0)
  await plumbline('batch', 'loans@1', 'small.csv', '--out', 'small.parquet')
  const again = await plumbline('batch', 'loans@1', 'small.parquet', '--out', 'again.csv', '--keep', 'debt_ratio')
  expect(again).toMatchObject({ code: 0 })
  expect(existsSync(abandoned)).toBe(false)
  const expected = await served(rows.slice(0, 50))
  const scored = records(at('again.csv'))
  expect(Object.keys(scored[0]!)).toEqual(['debt_ratio', 'decision', 'score'])
  expect(scored.map(({ score }) => Number(score))).toEqual(expected.map(({ score }) => score))
})

test('a batch that was killed goes on with the parts it had', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 12 }, (_, place) => `part${place}.csv`)
  for (const [place, name] of names.entries()) writeFileSync(at(name), csvOf(rows.slice(place, 300 + place)))
  const words = ['batch', 'loans', ...names, '--out', 'all.parquet']
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../bin/plumbline.mjs'), ...words], {
    cwd: registry.project,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  await once(child.stderr!, 'data')
  child.kill('SIGKILL')
  await ended
  expect(existsSync(at('all.parquet'))).toBe(false)
  const told = JSON.parse((await plumbline(...words, '--json')).out)
  expect(told).toMatchObject({ rows: 3_600, rejected: 0 })
  expect(told.keptParts).toBeGreaterThan(0)
  const batches = JSON.parse((await plumbline('batches', '--json')).out) as { status: string }[]
  expect(batches.slice(0, 2).map(({ status }) => status)).toEqual(['done', 'interrupted'])
  expect((await plumbline('batches')).out).toContain('interrupted')
})

test('Ctrl+C keeps what is scored', { timeout: 30_000 }, async () => {
  const names = Array.from({ length: 4 }, (_, place) => `cut${place}.csv`)
  for (const [place, name] of names.entries()) writeFileSync(at(name), csvOf(rows.slice(place, 100 + place)))
  const io = testingIo(registry.project)
  const told = (text: string) => {
    io.error.write(text)
    io.interrupt()
  }
  const stopping = { ...io, error: { ...io.error, write: told } }
  const words = ['batch', 'loans', ...names, '--out', 'cut.csv']
  expect(await main(words, stopping)).toBe(130)
  expect(io.written.error).toContain('The same command goes on.')
  const { out } = await plumbline(...words)
  expect(out).toContain('400 rows scored')
  expect(out).toContain('1 part of an earlier call kept')
})

test('the fallback rule never answers: while the model is away the batch waits', { timeout: 30_000 }, async () => {
  const db = openDatabase(path.join(storeFolder(registry.project), 'lineage.sqlite'))
  const files = openContentFiles(artifactsFolder(registry.project))
  const scorer = await openBatchModel(files, 'loans', chooseVersion(db, 'loans', 'production'))
  db.close()
  const { feed } = rowReader(model.features)(rows.slice(0, 30))
  const frame = feedFrame(model.features, feed!)
  const before = await scoreRows(scorer, frame, false, () => {})
  process.kill(scorer.pid()!, 'SIGKILL')
  expect(await scoreRows(scorer, frame, false, () => {})).toEqual(before)
  expect(before.predictions.every(({ score }) => score !== null)).toBe(true)
  await scorer.close()
})

test('release/deploy writes a batch that its name runs', { timeout: 30_000 }, async () => {
  const params = { mode: 'batch', job: 'nightly', input: 'inbox/*.csv', output: 'out/scored.parquet' }
  const { id } = await registry.engine.run({ document: deployment(1, params) })
  expect((await registry.engine.idle(id)).status).toBe('done')
  expect((await plumbline('batch', 'nightly')).error).toContain('No file matches inbox/*.csv')
  mkdirSync(at('inbox'))
  writeFileSync(at('inbox/a.csv'), csvOf(rows.slice(0, 10)))
  writeFileSync(at('inbox/b.csv'), csvOf(rows.slice(10, 15)))
  const told = await plumbline('batch', 'nightly')
  expect(told.out).toContain('15 rows scored by loans version 1')
  const file = openParquet(at('out/scored.parquet'))
  expect(file.rows).toBe(15)
  file.close()
  expect((await plumbline('batches')).out).toMatch(/nightly +loans v1 +done +15 +0/)
})

test('rows for people have no decision, and a case each however often the batch is run', {
  timeout: 30_000,
}, async () => {
  const params = { automation: 'uncertain-to-human', band: 'scores', low: 0.3, high: 0.6, checked: 0.1 }
  const document = deployment(1, {
    mode: 'batch',
    job: 'careful',
    input: 'inbox/*.csv',
    output: 'careful.csv',
    ...params,
  })
  const { id } = await registry.engine.run({ document })
  expect((await registry.engine.idle(id)).status).toBe('done')
  writeFileSync(at('inbox/b.csv'), csvOf(rows.slice(10, 100)))
  const told = (await plumbline('batch', 'careful')).out
  const scored = records(at('careful.csv'))
  const expected = await served(rows.slice(0, 100))
  const waiting = scored.filter(({ for_people }) => for_people !== '')
  expect(told).toContain(`${waiting.length} rows of them for people to decide, in the queue`)
  scored.forEach((row, place) => {
    const { score, decision } = expected[place]!
    const uncertain = score >= 0.3 && score <= 0.6
    expect(row.for_people!.includes('uncertain')).toBe(uncertain)
    expect(row.decision).toBe(row.for_people === '' ? decision : '')
    expect(row.suggestion).toBe(uncertain ? decision : '')
    expect(row.score === '').toBe(row.for_people === 'audit')
  })
  const { cases } = JSON.parse((await plumbline('queue', '--json')).out) as { cases: readonly QueuedCase[] }
  expect(cases.map((one) => one.id).sort()).toEqual(waiting.map((row) => row.case).sort())
  expect(cases.every(({ sight, reasons }) => (sight === 'before') === (reasons !== undefined))).toBe(true)
  expect(cases[0]!.row.map(({ name }) => name)).not.toContain('age_group')
  await plumbline('batch', 'careful')
  expect(JSON.parse((await plumbline('queue', '--json')).out).counts.queued).toBe(waiting.length)
})

test.each([
  [['batch', 'weekly'], 'has no batch "weekly". It has careful, nightly.'],
  [['batch', 'loans', 'new.csv'], 'needs a file to write'],
  [['batch', 'loans', 'gone.csv', '--out', 'x.csv'], 'There is no file'],
  [['batch', 'loans@champion', 'new.csv', '--out', 'x.csv'], 'No version of loans is "champion"'],
  [['batch', 'loans', 'thin.csv', '--out', 'x.csv'], 'has no column'],
])('%j is refused in words', async (words, sentence) => {
  writeFileSync(at('thin.csv'), 'income\n1\n')
  expect(await plumbline(...words)).toMatchObject({ code: 2, error: expect.stringContaining(sentence) })
})
