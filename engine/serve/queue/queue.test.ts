import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Automation, Hash } from '#contract'
import { createRandom } from '#ml/random/random'
import { catalogue } from '#nodes'
import { openDatabase } from '#store/database'
import { storeFolder } from '#store/open-store'
import { type CaseQueue, openQueue, queueFile } from '#store/queue/open-queue'
import { listCases } from '#store/queue/read-queue'
import { caseRow, decideCase } from '#store/queue/work-queue'
import { grantRequest } from '#store/registry'
import { type RegisteredServer, serveRegistered } from '../serve-registered.ts'
import { type TestingRegistry, testingRegistry } from '../testing-registry.ts'

/** Levels of automation over HTTP, with a real model: what a request is told, what waits, and what a decision changes. */
let registry: TestingRegistry
let server: RegisteredServer
let queue: CaseQueue
let model: Hash
let rows: Record<string, unknown>[]
const served = { name: 'loans', selector: 'production', port: 0, host: '127.0.0.1' }

beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  const first = await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
  const output = (node: string, port: string) => first.steps.find((step) => step.node === node)!.outputs[port]!.hash
  const table = output('loans', 'table')
  model = output('linear', 'model')
  const page = await registry.engine.rows({ table, offset: 0, limit: 40 })
  rows = page.rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [page.columns[at]!.name, cell])))
  server = await serveRegistered({ ...served, project: registry.project })
  queue = openQueue(queueFile(registry.project))
}, 60_000)
afterAll(async () => {
  queue?.close()
  await server?.close()
  await registry?.close()
})

interface Told {
  readonly decision: string | null
  readonly score: number | null
  readonly state?: string
  readonly case?: string
  readonly why?: readonly string[]
  readonly suggestion?: string
  readonly takesForceAt?: string
  readonly reasons?: object
}
const post = (where: string, body: unknown) =>
  fetch(`${server.origin}${where}`, { method: 'POST', body: JSON.stringify(body) })
const json = async (answer: Response) => (await answer.json()) as never
const predict = async (given: readonly unknown[] = rows.slice(0, 4), query = '') =>
  (await json(await post(`/v1/predict${query}`, { rows: given }))) as { predictions: readonly Told[]; request: string }
const caseOf = async (id: string) =>
  (await json(await fetch(`${server.origin}/v1/cases/${id}`))) as Record<string, unknown>

/** Deploys with other settings, as a step of a pipeline asks for it, and waits until the server obeys. */
async function deploy(automation: Automation | undefined): Promise<void> {
  const db = openDatabase(path.join(storeFolder(registry.project), 'lineage.sqlite'))
  const fallback = { rule: 'debt_ratio <= 0.3', holds: 'yes', otherwise: 'no' }
  const request = { type: 'serve', model, fallback, ...(automation && { automation }) } as const
  db.lastingTransaction(() => grantRequest(db, request, { run: 'test', outputs: {} }))
  db.close()
  const wanted = automation?.level ?? 'none'
  for (;;) {
    const document = (await json(await fetch(`${server.origin}/openapi.json`))) as { info: { 'x-automation'?: string } }
    if ((document.info['x-automation'] ?? 'none') === wanted) return
    await pause(20)
  }
}

test('full automation answers as ever', async () => {
  const { predictions } = await predict()
  for (const one of predictions) expect(Object.keys(one)).toEqual(['decision', 'score', 'scores'])
})

test('people only: nothing of the model is told, and the case has the decision', async () => {
  const [before] = (await predict(rows.slice(0, 1))).predictions
  await deploy({ level: 'human-only' })
  const [told] = (await predict(rows.slice(0, 1), '?reasons=1')).predictions
  expect(told).toEqual({
    decision: null,
    score: null,
    state: 'queued',
    case: told!.case,
    why: ['level'],
    reasonsNotAvailable: 'A person decides this row first.',
  })
  expect(await caseOf(told!.case!)).toMatchObject({ case: told!.case, state: 'queued', decision: null })
  const other = before!.decision === 'yes' ? 'no' : 'yes'
  const decided = decideCase(queue, { id: told!.case!, who: 'Ada', decision: other })
  expect(decided.answer).toBeUndefined()
  const after = await caseOf(told!.case!)
  expect(after).toMatchObject({ state: 'decided', decision: other, decidedBy: 'person' })
  expect(JSON.stringify(after)).not.toContain('Ada')
  expect((await fetch(`${server.origin}/v1/cases/nothing`)).status).toBe(404)
  const infer = await post('/v2/models/loans/infer', tensors(rows.slice(0, 2)))
  expect(infer.status).toBe(409)
  expect(((await json(infer)) as { error: string }).error).toContain('/v1/predict')
})

const tensors = (given: readonly Record<string, unknown>[]) => ({
  inputs: Object.keys(given[0]!).map((name) => ({
    name,
    datatype: typeof given[0]![name] === 'string' ? 'BYTES' : 'FP64',
    shape: [given.length, 1],
    data: given.map((row) => row[name]),
  })),
})

test('people only decide while the model is away too', { timeout: 20_000 }, async () => {
  process.kill(server.modelPid()!, 'SIGKILL')
  const { predictions } = await predict(rows.slice(0, 1))
  expect(predictions[0]).toMatchObject({ decision: null, state: 'queued' })
  while (((await json(await fetch(`${server.origin}/v2/health/ready`))) as { ready: boolean }).ready !== true)
    await pause(50)
})

test('people first: the model is shown after the decision, in the case too', async () => {
  await deploy({ level: 'human-first' })
  const [told] = (await predict(rows.slice(0, 1))).predictions
  expect(told).toMatchObject({ decision: null, score: null, state: 'queued' })
  const hidden = listCases(queue).find(({ id }) => id === told!.case)!
  expect([hidden.answer, hidden.reasons]).toEqual([undefined, undefined])
  expect(decideCase(queue, { id: told!.case!, who: 'Ada', decision: 'no' })).toMatchObject({ state: 'first' })
  expect(await caseOf(told!.case!)).toMatchObject({ state: 'taken', decision: null })
  decideCase(queue, { id: told!.case!, who: 'Ada', decision: 'yes' })
  expect(await caseOf(told!.case!)).toMatchObject({ state: 'decided', decision: 'yes' })
})

test('suggest: the suggestion is told and shown with its reasons', { timeout: 20_000 }, async () => {
  await deploy({ level: 'suggest', dueHours: 4 })
  const [told] = (await predict(rows.slice(0, 1), '?reasons=1')).predictions
  expect(told).toMatchObject({ decision: null, suggestion: expect.stringMatching(/yes|no/), state: 'queued' })
  expect(told!.score).toBeGreaterThan(0)
  expect(told!.reasons).toBeDefined()
  const find = () => listCases(queue).find(({ id }) => id === told!.case)!
  while (!find().reasons) await pause(20)
  expect(find().reasons).toMatchObject({ method: expect.stringContaining('SHAP') })
  expect(Date.parse(find().dueAt!) - Date.parse(find().queuedAt)).toBe(4 * 3_600_000)
  expect(find().row.map(({ name }) => name)).not.toContain('age_group')
})

test('uncertain ones go to people, the rest is answered', async () => {
  await deploy(undefined)
  const all = (await predict(rows)).predictions
  await deploy({ level: 'uncertain-to-human', band: { low: 0.3, high: 0.7 } })
  const { predictions } = await predict(rows)
  predictions.forEach((one, row) => {
    const uncertain = all[row]!.score! >= 0.3 && all[row]!.score! <= 0.7
    if (uncertain) expect(one).toMatchObject({ decision: null, why: ['uncertain'], suggestion: all[row]!.decision })
    else expect(one).toEqual({ ...all[row], state: 'automatic' })
  })
  const states = new Set(predictions.map(({ state }) => state))
  expect(states).toEqual(new Set(['automatic', 'queued']))
  const sure = rows.filter((_, row) => predictions[row]!.state === 'automatic').slice(0, 2)
  expect((await post('/v2/models/loans/infer', tensors(sure))).status).toBe(200)
  const waiting = listCases(queue, { waiting: true }).length
  expect((await post('/v2/models/loans/infer', tensors(rows))).status).toBe(409)
  expect(listCases(queue, { waiting: true }).length).toBe(waiting)
})

test('a band is found from a wished share, on rows training did not see', async () => {
  const run = await registry.deploy(1, { automation: 'uncertain-to-human', band: 'share', share: 0.25 })
  const blocks = await registry.engine.report({ run: run.id, node: 'deploy' })
  expect(JSON.stringify(blocks)).toMatch(/People decide scores from 0\.\d+ to 0\.\d+: 2[5-9].% of/)
  const [loans] = await registry.engine.models()
  expect(loans!.versions[0]!.automation).toMatchObject({ level: 'uncertain-to-human' })
  expect(loans!.trail[0]!.text).toContain('Version 1: automation uncertain-to-human, by run')
  expect(loans!.trail.some(({ text }) => text.includes('automation full'))).toBe(true)
})

test('everything a deployment leaves to people is in the registry, and said in words', async () => {
  const conditions = { people: 'debt_ratio > 0.9', checked: 0.01, strange: true, ruled: true, dueHours: 8 }
  const run = await registry.deploy(1, { automation: 'uncertain-to-human', band: 'error', error: 0.12, ...conditions })
  const { automation } = (await registry.engine.models())[0]!.versions[0]!
  expect(automation).toMatchObject({ rule: 'debt_ratio > 0.9', auditShare: 0.01, seed: 1, fallback: true, dueHours: 8 })
  expect(automation!.band!.low).toBeLessThan(automation!.band!.high)
  const known = (column: string) => automation!.known!.find((one) => one.column === column)
  expect(known('employment')).toMatchObject({ levels: expect.arrayContaining(['employed', 'self-employed']) })
  const { min, max } = known('debt_ratio') as { min: number; max: number }
  expect(min).toBeLessThan(max)
  const words = JSON.stringify(await registry.engine.report({ run: run.id, node: 'deploy' }))
  expect(words).toMatch(/The model is wrong on (\d|1[0-2])(\.\d)?.% \(95.% interval .*\) of those it decides alone/)
  expect(words).toContain('Always to people: rows with debt_ratio > 0.9.')
  expect(words).toMatch(/Drawn to check: 1.% of all rows, seed 1/)
  const wrong = registry.deploy(1, { automation: 'suggest', people: 'salary > 3' })
  await expect(wrong).rejects.toThrow('The rule names the column salary')
})

test('unless vetoed: the answer takes force after its time', { timeout: 20_000 }, async () => {
  await deploy({ level: 'veto', vetoMinutes: 0.03 })
  const { predictions } = await predict(rows.slice(0, 2))
  const [kept, vetoed] = predictions
  expect(kept).toMatchObject({ decision: null, state: 'pending', suggestion: expect.any(String) })
  expect(Date.parse(kept!.takesForceAt!)).toBeGreaterThan(Date.now())
  const other = vetoed!.suggestion === 'yes' ? 'no' : 'yes'
  decideCase(queue, { id: vetoed!.case!, who: 'Ada', decision: other, note: 'no' })
  expect(await caseOf(kept!.case!)).toMatchObject({ state: 'pending', decision: null })
  while ((await caseOf(kept!.case!)).state === 'pending') await pause(100)
  expect(await caseOf(kept!.case!)).toMatchObject({ state: 'in-force', decision: kept!.suggestion, decidedBy: 'model' })
  expect(await caseOf(vetoed!.case!)).toMatchObject({ state: 'decided', decision: other, decidedBy: 'person' })
})

test('a rule and a draw send rows to people at any level; who is drawn is judged blind', {
  timeout: 20_000,
}, async () => {
  await deploy({ level: 'full', rule: 'debt_ratio > 0.45', auditShare: 0.3, seed: 7 })
  const { predictions, request } = await predict(rows)
  predictions.forEach((one, row) => {
    const ratio = rows[row]!.debt_ratio as number | null
    const drawn = createRandom(`7/${request}`).split(row).uniform() < 0.3
    const why = [...(ratio !== null && ratio > 0.45 ? ['rule'] : []), ...(drawn ? ['audit'] : [])]
    expect(one.why ?? []).toEqual(why)
    expect(one.suggestion === undefined).toBe(!why.includes('rule'))
  })
  expect(new Set(predictions.map(({ state }) => state))).toEqual(new Set(['automatic', 'queued']))
})

test('the metrics count the queue, and the document describes what waits', async () => {
  await deploy({ level: 'suggest' })
  const text = await (await fetch(`${server.origin}/metrics`)).text()
  expect(text).toMatch(/^plumbline_queue_cases\{model="loans",state="queued"\} [1-9]\d*$/m)
  expect(text).toMatch(/^plumbline_queue_oldest_seconds\{model="loans"\} \d/m)
  expect(text).toMatch(/^plumbline_queue_decided_total\{model="loans",by="person"\} [1-9]/m)
  const document = (await json(await fetch(`${server.origin}/openapi.json`))) as object
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } }).addSchema({ $id: 'api', ...document })
  const answer = await predict()
  expect(ajv.validate({ $ref: 'api#/components/schemas/Predictions' }, answer), JSON.stringify(ajv.errors)).toBe(true)
  const one = await caseOf(answer.predictions[0]!.case!)
  expect(ajv.validate({ $ref: 'api#/components/schemas/Case' }, one), JSON.stringify(ajv.errors)).toBe(true)
})

test('where the queue can not be written nothing is acknowledged', async () => {
  queue.db.run('ALTER TABLE cases RENAME TO elsewhere')
  const answer = await post('/v1/predict', { rows: rows.slice(0, 1) })
  queue.db.run('ALTER TABLE elsewhere RENAME TO cases')
  expect(answer.status).toBe(503)
  expect(((await json(answer)) as { error: string }).error).toBe(
    'The queue of loans can not be written, so no case was opened.',
  )
  expect((await predict(rows.slice(0, 1))).predictions[0]!.state).toBe('queued')
})

test('while versions are compared each leaves to people what its own level says', { timeout: 30_000 }, async () => {
  const params = { automation: 'human-only', rollout: 'a-b', challengerShare: 50 }
  expect((await registry.deploy(5, params)).status).toBe('done')
  let told: readonly (Told & { readonly version?: number })[] = []
  while (!told.some(({ version }) => version === 2)) told = (await predict(rows)).predictions
  expect(new Set(told.map(({ version }) => version))).toEqual(new Set([1, 2]))
  for (const one of told) {
    expect(one).toMatchObject({ decision: null, state: 'queued' })
    expect(one.suggestion === undefined).toBe(one.version === 2)
    expect(caseRow(queue, one.case!).version).toBe(one.version)
  }
})

test('what was acknowledged is there after a kill', { timeout: 30_000 }, async () => {
  const words = ['serve', 'loans', '--port', '0', '--project', registry.project]
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../../bin/plumbline.mjs'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  while (!/answers at (\S+)/.test(said)) await pause(20)
  const [, origin] = /answers at (\S+)/.exec(said)!
  const acknowledged: string[] = []
  const ask = async () => {
    for (;;) {
      const answer = await fetch(`${origin}/v1/predict`, {
        method: 'POST',
        body: JSON.stringify({ rows: rows.slice(0, 3) }),
      })
      const { predictions } = (await answer.json()) as { predictions: readonly Told[] }
      acknowledged.push(...predictions.map((one) => one.case!))
    }
  }
  const asking = Array.from({ length: 4 }, () => ask().catch(() => {}))
  while (acknowledged.length < 60) await pause(5)
  child.kill('SIGKILL')
  await Promise.all([once(child, 'exit'), ...asking])
  const known = new Set(queue.db.all('SELECT id FROM cases').map(({ id }) => id))
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
})
