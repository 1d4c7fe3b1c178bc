import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFrame } from '#compute/read-frame'
import type { Explanation, Hash, Model, Table } from '#contract'
import { catalogue } from '#nodes'
import { openContentFiles } from '#store/content-files'
import { artifactsFolder } from '#store/open-store'
import { type RegisteredServer, requestLogFile, serveRegistered } from './serve-registered.ts'
import { startContainer } from './testing-container.ts'
import { deployment, type TestingRegistry, testingRegistry } from './testing-registry.ts'

let registry: TestingRegistry
let server: RegisteredServer
let model: Model
/** The first rows of the training table as JSON, and what the engine scored them. */
let rows: Record<string, unknown>[]
let table: Table

beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  const first = await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
  expect(first.status).toBe('done')
  const output = (node: string, port: string) => first.steps.find((step) => step.node === node)!.outputs[port]!.hash
  model = (await registry.engine.value({ hash: output('linear', 'model') })) as unknown as Model
  table = (await registry.engine.value({ hash: output('split', 'table') })) as unknown as Table
  rows = await jsonRows(table, 20)
  server = await serveRegistered({ ...served, project: registry.project })
}, 60_000)
afterAll(async () => {
  await server?.close()
  await registry?.close()
})
const served = { name: 'loans', selector: 'production', port: 0, host: '127.0.0.1' }

async function jsonRows(of: Table, count: number): Promise<Record<string, unknown>[]> {
  const page = await registry.engine.rows({ table: (await tableHash(of)) as Hash, offset: 0, limit: count })
  return page.rows.map((cells) => Object.fromEntries(cells.map((cell, place) => [page.columns[place]!.name, cell])))
}
async function tableHash(of: Table): Promise<string> {
  const runs = await registry.engine.runs({ limit: 1 })
  const detail = await registry.engine.runDetail({ run: runs[0]!.id })
  const hash = detail.steps.find((step) => step.node === 'split')!.outputs.table!.hash
  expect(await registry.engine.value({ hash })).toEqual(of)
  return hash
}

const post = (where: string, body: unknown) =>
  fetch(`${server.origin}${where}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
const get = (where: string) => fetch(`${server.origin}${where}`)
type Answer = {
  version: number
  fallback: boolean
  request: string
  predictions: {
    decision: string
    score: number
    reasons?: { base: number; contributions: { contribution: number }[] }
  }[]
}
const predict = async (given: unknown[] = rows) => (await (await post('/v1/predict', { rows: given })).json()) as Answer

test('answers are those of the engine, and say which version gave them', async () => {
  const { score } = await import('#compute/score-model').then(({ createScorer }) =>
    createScorer(openContentFiles(artifactsFolder(registry.project))),
  )
  const frame = await readFrame(openContentFiles(artifactsFolder(registry.project)), table)
  const { values } = await score(model, frame, () => {})
  const answer = await predict()
  const positive = model.classes!.indexOf(model.positive!)
  expect(answer).toMatchObject({ model: 'loans', version: 1, fallback: false })
  answer.predictions.forEach((one, row) => {
    expect(one.score).toBeCloseTo(values[row * 2 + positive]!, 12)
    expect(one.decision === model.positive).toBe(one.score >= model.threshold!)
  })
})

test('reasons add up to the score', async () => {
  const answer = (await (await post('/v1/predict?reasons=1', { rows: rows.slice(0, 3) })).json()) as Answer
  for (const { score, reasons } of answer.predictions) {
    const sum = reasons!.contributions.reduce((total, one) => total + one.contribution, reasons!.base)
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(score, 9)
  }
})

test.each([
  ['a text for a number', { debt_ratio: 'high' }, 'debt_ratio', '"high"'],
  ['a missing column', { debt_ratio: undefined }, 'debt_ratio', 'nothing'],
  ['a number for a text', { employment: 3 }, 'employment', '3'],
  ['more than a number holds', { debt_ratio: Number.MAX_VALUE }, 'debt_ratio', 'Infinity'],
  ['a list for a number', { debt_ratio: [1] }, 'debt_ratio', '[1]'],
  ['a truth value for a number', { debt_ratio: true }, 'debt_ratio', 'true'],
])('422 for %s, with column, got and expected', async (_, change, column, got) => {
  const body = JSON.stringify({ rows: [rows[0], { ...rows[1], ...change }] })
  const answer = await post('/v1/predict', body.replace(String(Number.MAX_VALUE), '1e999'))
  expect(answer.status).toBe(422)
  const { problems } = (await answer.json()) as { problems: unknown[] }
  expect(problems).toEqual([{ row: 1, column, got, expected: expect.stringMatching(/^a (number|text)/) }])
})

test('a value outside the data contract of the version is refused', async () => {
  const answer = await post('/v1/predict', { rows: [{ ...rows[0], employment: 'pirate' }] })
  expect(answer.status).toBe(422)
  const { problems } = (await answer.json()) as { problems: { expected: string }[] }
  expect(problems).toMatchObject([{ column: 'employment', got: '"pirate"' }])
  expect(problems[0]!.expected).toMatch(/^one of .*self-employed/)
})

test.each([
  ['no JSON', '{', 400],
  ['no rows', { rows: [] }, 400],
  ['no list', { rows: 5 }, 400],
  ['a row that is no object', { rows: [7] }, 422],
  ['null for a column', { rows: [null] }, 422],
  ['a body beyond the limit', `{"rows": [${' '.repeat(9 << 20)}]}`, 413],
])('refuses %s with words', async (_, body, status) => {
  const answer = await post('/v1/predict', body)
  expect(answer.status).toBe(status)
  expect(((await answer.json()) as { error: string }).error.length).toBeGreaterThan(10)
})

test('pages of a browser and other host names are refused', async () => {
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = new URL(server.origin)
      const request = http.get({ host: url.hostname, port: url.port, path: '/v2', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      request.once('error', reject)
    })
  expect(await ask({ host: 'evil.example' })).toBe(421)
  expect(await ask({ origin: 'https://evil.example' })).toBe(403)
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await ask({})).toBe(200)
})

test('speaks the Open Inference Protocol', async () => {
  expect(await (await get('/v2/health/live')).json()).toEqual({ live: true })
  expect(await (await get('/v2/health/ready')).json()).toEqual({ ready: true })
  const metadata = (await (await get('/v2/models/loans/versions/1')).json()) as {
    inputs: { name: string; datatype: string }[]
  }
  expect(metadata.inputs.map(({ name }) => name)).toEqual(model.features.map(({ name }) => name))
  expect((await get('/v2/models/loans/versions/7')).status).toBe(404)
  const inputs = metadata.inputs.map(({ name, datatype }) => ({
    name,
    datatype,
    shape: [rows.length, 1],
    data: rows.map((row) => row[name]),
  }))
  const answer = (await (await post('/v2/models/loans/infer', { id: 'mine', inputs })).json()) as {
    id: string
    outputs: { name: string; shape: number[]; data: (number | string)[] }[]
  }
  const own = await predict()
  expect(answer).toMatchObject({ id: 'mine', model_name: 'loans', model_version: '1' })
  expect(answer.outputs[1]!.data).toEqual(own.predictions.map(({ decision }) => decision))
  expect(answer.outputs[0]!.shape).toEqual([rows.length, 2])
  expect((await post('/v2/models/loans/infer', { inputs: inputs.slice(1) })).status).toBe(400)
  const gaps = JSON.stringify({ id: 'no NaN "here"', inputs }).replaceAll('null', 'NaN')
  expect(gaps).toContain('NaN,')
  const same = (await (await post('/v2/models/loans/infer', gaps)).json()) as typeof answer
  expect(same).toMatchObject({ id: 'no NaN "here"', outputs: answer.outputs })
})

test('its OpenAPI document describes what is sent and answered', async () => {
  const document = (await (await get('/openapi.json')).json()) as { components: object; openapi: string }
  expect(document.openapi).toBe('3.1.0')
  const ajv = new Ajv2020({ strict: false }).addSchema({ $id: 'api', ...document })
  const check = (name: string, value: unknown) => ajv.validate({ $ref: `api#/components/schemas/${name}` }, value)
  expect(check('Rows', { rows })).toBe(true)
  expect(check('Rows', { rows: [{ ...rows[0], debt_ratio: 'high' }] })).toBe(false)
  expect(check('Predictions', await predict())).toBe(true)
  expect(check('Refusal', await (await post('/v1/predict', { rows: [{}] })).json())).toBe(true)
})

test('counts in the text format of Prometheus', async () => {
  await predict()
  const text = await (await get('/metrics')).text()
  expect(text).toMatch(/^plumbline_requests_total\{route="predict",status="200"\} [1-9]\d*$/m)
  expect(text).toMatch(/^plumbline_model_version\{model="loans"\} 1$/m)
  const count = Number(/^plumbline_request_seconds_count (\d+)$/m.exec(text)![1])
  expect(text).toContain(`plumbline_request_seconds_bucket{le="+Inf"} ${count}`)
  expect(count).toBeGreaterThan(0)
})

test('every answer is in the log, with version, time and both bodies', async () => {
  const { request } = await predict(rows.slice(0, 2))
  await pause(300)
  const log = new Sqlite(requestLogFile(registry.project), { readonly: true })
  const row = log.prepare('SELECT * FROM requests WHERE id = ?').get(request) as Record<string, unknown>
  log.close()
  expect(row).toMatchObject({ model: 'loans', version: 1, route: 'predict', status: 200, rows: 2, fallback: 0 })
  expect(row.ms).toBeGreaterThan(0)
  expect(JSON.parse(row.request as string)).toEqual({ rows: rows.slice(0, 2) })
  expect(JSON.parse(row.response as string)).toMatchObject({ request, version: 1 })
})

test('a killed model process leaves the rule answering, and comes back', { timeout: 20_000 }, async () => {
  const asking = Array.from({ length: 30 }, () => predict())
  process.kill(server.modelPid()!, 'SIGKILL')
  const answers: Answer[] = []
  while (answers.length < 5_000 && !answers.some(({ fallback }) => fallback)) answers.push(await predict())
  const ruled = answers.find(({ fallback }) => fallback)!
  expect(ruled.predictions.map(({ decision }) => decision)).toEqual(
    rows.map((row) => ((row.debt_ratio as number | null) !== null && (row.debt_ratio as number) <= 0.3 ? 'yes' : 'no')),
  )
  expect((await Promise.all(asking)).every(({ predictions }) => predictions.length === rows.length)).toBe(true)
  while ((await predict()).fallback) await pause(20)
  expect(await (await get('/metrics')).text()).toMatch(/^plumbline_fallback_total [1-9]/m)
})

test('deploy and rollback under load: each request is answered, by one version or the other', {
  timeout: 60_000,
}, async () => {
  let stop = false
  const seen = new Set<number>()
  const statuses = new Set<number>()
  const load = Array.from({ length: 8 }, async () => {
    while (!stop) {
      const answer = await post('/v1/predict', { rows: rows.slice(0, 1) })
      statuses.add(answer.status)
      seen.add(((await answer.json()) as Answer).version)
    }
  })
  await registry.deploy(5, { rule: 'debt_ratio <= 0.3' })
  while (server.version() !== 2) await pause(10)
  await pause(100)
  expect(await registry.engine.rollbackModel({ name: 'loans' })).toEqual({ from: 2, to: 1 })
  while (server.version() !== 1) await pause(10)
  await pause(100)
  stop = true
  await Promise.all(load)
  expect([...statuses]).toEqual([200])
  expect([...seen].sort()).toEqual([1, 2])
  expect((await predict()).version).toBe(1)
  const [loans] = await registry.engine.models()
  expect(loans!.servers).toMatchObject([{ address: server.origin, version: 1, selector: 'production' }])
})

test('the container folder answers as the server does', { timeout: 30_000 }, async () => {
  const document = deployment(1, { mode: 'container', folder: 'box' })
  const { id } = await registry.engine.run({ document })
  expect((await registry.engine.idle(id)).status).toBe('done')
  const folder = path.join(registry.project, 'box')
  expect(existsSync(path.join(folder, 'Dockerfile'))).toBe(true)
  expect(Object.keys(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).dependencies)).toContain(
    'onnxruntime-node',
  )
  const { ask, close } = await startContainer(folder)
  expect((await ask([{ ...rows[0], employment: 'pirate' }])).status).toBe(422)
  const answer = await ask(rows)
  expect(((await answer.json()) as Answer).predictions).toEqual((await predict()).predictions)
  const asked = [await ask(rows, '?reasons=1'), await post('/v1/predict?reasons=1', { rows })]
  const [boxed, own] = await Promise.all(asked.map(async (one) => ((await one.json()) as Answer).predictions))
  expect(JSON.stringify(boxed)).toContain('Linear SHAP')
  expect(boxed).toEqual(own)
  const words = readFileSync(path.join(folder, 'README.md'), 'utf8')
  expect(words).toContain('reasons.json')
  await close()
})

test('without a rule a model that is away is refused with 503, and unknown names say what there is', {
  timeout: 30_000,
}, async () => {
  await registry.deploy(9)
  const other = await serveRegistered({ ...served, selector: 'latest', project: registry.project })
  process.kill(other.modelPid()!, 'SIGKILL')
  const ask = () => fetch(`${other.origin}/v1/predict`, { method: 'POST', body: JSON.stringify({ rows }) })
  let answer = await ask()
  for (let tries = 0; tries < 5_000 && answer.status === 200; tries++) answer = await ask()
  expect(answer.status).toBe(503)
  await other.close()
  const wrong = serveRegistered({ ...served, name: 'lones', project: registry.project })
  await expect(wrong).rejects.toThrow('The registry has no model "lones". It has loans.')
})

test('reasons are those of explain/shap', async () => {
  const node = (type: string, params = {}) => ({ type, version: 1, params })
  const document = deployment(1)
  const { id } = await registry.engine.run({
    document: {
      ...document,
      nodes: { ...document.nodes, shap: node('explain/shap', { who: 'refused', rows: 'all' }) } as never,
      edges: [...document.edges, { from: 'linear.model', to: 'shap.model' }, { from: 'split.table', to: 'shap.table' }],
    },
    targets: ['shap'],
  })
  expect((await registry.engine.idle(id)).status).toBe('done')
  const { steps } = await registry.engine.runDetail({ run: id })
  const hash = steps.find((step) => step.node === 'shap')!.outputs.explanation!.hash
  const explanation = (await registry.engine.value({ hash })) as unknown as Explanation
  const [row] = await registry.engine
    .rows({ table: (await tableHash(table)) as Hash, offset: explanation.people[0]!.row, limit: 1 })
    .then((page) =>
      page.rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [page.columns[at]!.name, cell]))),
    )
  const first = await serveRegistered({ ...served, selector: '1', project: registry.project })
  const answer = await fetch(`${first.origin}/v1/predict?reasons=1`, {
    method: 'POST',
    body: JSON.stringify({ rows: [row] }),
  })
  const [{ reasons }] = (
    (await answer.json()) as {
      predictions: [{ reasons: { base: number; contributions: { feature: string; contribution: number }[] } }]
    }
  ).predictions
  await first.close()
  expect(reasons.base).toBeCloseTo(explanation.base, 9)
  for (const { feature, contribution } of explanation.people[0]!.contributions)
    expect(reasons.contributions.find((one) => one.feature === feature)!.contribution).toBeCloseTo(contribution, 9)
})
