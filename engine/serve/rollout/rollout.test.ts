import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hash, Rollout, RolloutStrategy } from '#contract'
import { catalogue } from '#nodes'
import { brokenAuditEntries } from '#store/audit-chain'
import { type Database, openDatabase } from '#store/database'
import { storeFolder } from '#store/open-store'
import { requestLogFile } from '../request-log-file.ts'
import { type RegisteredServer, serveRegistered } from '../serve-registered.ts'
import { type TestingRegistry, testingRegistry } from '../testing-registry.ts'

let registry: TestingRegistry
let server: RegisteredServer
let db: Database
let rows: Record<string, unknown>[]

const serve = () =>
  serveRegistered({ project: registry.project, name: 'loans', selector: 'production', port: 0, host: '127.0.0.1' })

beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  const first = await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
  const step = (node: string) => first.steps.find((one) => one.node === node)!
  const page = await registry.engine.rows({ table: step('split').outputs.table!.hash as Hash, offset: 0, limit: 400 })
  rows = page.rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [page.columns[at]!.name, cell])))
  db = openDatabase(path.join(storeFolder(registry.project), 'lineage.sqlite'))
  server = await serve()
}, 60_000)
afterAll(async () => {
  await server?.close()
  db?.close()
  await registry?.close()
})

interface Answer {
  readonly version: number
  readonly request: string
  readonly predictions: readonly { decision: string; version?: number; arm?: string; reasons?: object }[]
}
const post = (where: string, body: unknown) =>
  fetch(`${server.origin}${where}`, { method: 'POST', body: JSON.stringify(body) })
const predict = async (given: readonly unknown[], query = '') =>
  (await (await post(`/v1/predict${query}`, { rows: given })).json()) as Answer

const rolloutNow = async (): Promise<Rollout> => (await registry.engine.models())[0]!.rollout!
async function until(holds: (rollout: Rollout) => boolean): Promise<Rollout> {
  for (;;) {
    const rollout = await rolloutNow()
    if (holds(rollout)) return rollout
    await pause(50)
  }
}
const newest = async () => (await registry.engine.models())[0]!.versions[0]!.version
const start = (strategy: RolloutStrategy, versions: readonly number[], settings = {}) =>
  registry.engine.startRollout({ name: 'loans', versions, strategy, settings })
/** The server has taken the rollout up, with this share for the new version. */
const takenUp = async (version: number, share: number) => {
  const line = `version="${version}",arm="challenger"} ${share}`
  while (
    !(await (await fetch(`${server.origin}/metrics`)).text()).includes(`plumbline_arm_share{model="loans",${line}\n`)
  )
    await pause(20)
}
const steer = (action: 'pause' | 'resume' | 'abort' | 'promote') =>
  registry.engine.steerRollout({ name: 'loans', action })

test('a version that is deployed in the shadow answers nobody, and is compared with what was answered', {
  timeout: 60_000,
}, async () => {
  await registry.deploy(1.5, { rollout: 'shadow', rule: 'debt_ratio <= 0.3' })
  expect(await newest()).toBe(2)
  await takenUp(2, 0)
  const answer = await predict(rows.slice(0, 60), '?reasons=1')
  expect(answer).toMatchObject({
    version: 1,
    predictions: expect.arrayContaining([expect.objectContaining({ arm: 'champion', version: 1 })]),
  })
  expect(answer.predictions.every(({ reasons }) => reasons)).toBe(true)
  await predict(rows.slice(0, 60))
  const { strategy, arms, figures, verdict } = await until(
    ({ arms: [first, own] }) => first!.answers === 120 && own!.people === 60,
  )
  expect(strategy).toBe('shadow')
  expect(arms).toMatchObject([
    { version: 1, role: 'champion', share: 1, answers: 120, people: 60 },
    { version: 2, role: 'challenger', share: 0, errors: { value: 0 } },
  ])
  expect(figures.find(({ label }) => label === 'Agreement')!.estimate).toMatchObject({ n: 60 })
  expect(verdict).toContain('of 60 people')
  expect(await registry.deploy(1.5, { rollout: 'shadow', rule: 'debt_ratio <= 0.3' })).toMatchObject({ status: 'done' })
  await steer('abort')
  expect(await registry.deploy(1.5, { rollout: 'shadow', rule: 'debt_ratio <= 0.3' })).toMatchObject({
    status: 'failed',
  })
})

test('A/B: a person stays with a version, after a restart and on two servers; outcomes count for the version that answered', {
  timeout: 60_000,
}, async () => {
  await start('a-b', [2], { key: 'person', challengerShare: 40 })
  await takenUp(2, 0.4)
  const keyed = rows.slice(0, 200).map((row, at) => ({ ...row, person: `p${at}` }))
  const first = await predict(keyed)
  const versions = first.predictions.map(({ version }) => version)
  expect(new Set(versions)).toEqual(new Set([1, 2]))
  const share = versions.filter((version) => version === 2).length / 200
  expect(Math.abs(share - 0.4)).toBeLessThan(0.12)
  const changed = keyed.map((row) => ({ ...row, income: 52_000 }))
  await until(({ arms: [a, b] }) => a!.people + b!.people === 200)
  await server.close()
  server = await serve()
  expect((await predict(changed)).predictions.map(({ version }) => version)).toEqual(versions)
  await until(({ arms: [a, b] }) => a!.people + b!.people === 400)
  const second = await serve()
  const beside = await fetch(`${second.origin}/v1/predict`, {
    method: 'POST',
    body: JSON.stringify({ rows: keyed.slice(0, 20) }),
  })
  expect(((await beside.json()) as Answer).predictions.map(({ version }) => version)).toEqual(versions.slice(0, 20))
  await second.close()
  await until(({ arms: [a, b] }) => a!.people + b!.people === 420)

  const outcomes = first.predictions.map((_, row) => ({
    request: first.request,
    row,
    outcome: row % 4 === 0 ? 'yes' : 'no',
  }))
  expect(await (await post('/v1/outcomes', { outcomes })).json()).toEqual({ stored: 200, known: 0, unknown: 0 })
  expect(
    await (await post('/v1/outcomes', { outcomes: [outcomes[0], { request: 'nobody', outcome: 'yes' }] })).json(),
  ).toEqual({ stored: 0, known: 1, unknown: 1 })
  const { arms, figures, verdict } = await rolloutNow()
  expect(arms.map((arm) => arm.outcomes)).toEqual(
    [1, 2].map((version) => versions.filter((one) => one === version).length),
  )
  expect(arms[0]!.answers + arms[1]!.answers).toBeGreaterThanOrEqual(200)
  const good = outcomes.filter(({ outcome }, row) => outcome === 'yes' && versions[row] === 2).length
  expect(arms[1]!.reward.value).toBeCloseTo(good / arms[1]!.outcomes, 12)
  expect(figures.map(({ label }) => label)).toContain('Good outcomes: difference of version 2')
  expect(verdict).toContain('are needed to find a difference of 0.05')
  expect((await post('/v1/outcomes', { outcomes: [{ row: 1 }] })).status).toBe(422)
  expect((await post('/v1/outcomes', 7)).status).toBe(422)

  const log = new Sqlite(requestLogFile(registry.project), { readonly: true })
  const row = log.prepare('SELECT version, arm, rollout FROM requests WHERE id = ?').get(first.request)
  log.close()
  expect(row).toEqual({ version: 1, arm: 'mixed', rollout: 2 })
  await steer('pause')
  while ((await predict(keyed)).predictions.some(({ version }) => version === 2)) await pause(20)
  expect((await rolloutNow()).verdict).toMatch(/^Paused: version 1 answers everybody/)
  await steer('resume')
  while (!(await predict(keyed)).predictions.some(({ version }) => version === 2)) await pause(20)
  await steer('abort')
})

test('a bandit moves people to the version with better outcomes', { timeout: 60_000 }, async () => {
  await start('bandit-thompson', [2])
  await takenUp(2, 0.5)
  const { request, predictions } = await predict(rows.slice(0, 120))
  const outcomes = predictions.map(({ version }, row) => ({ request, row, outcome: version === 2 ? 'yes' : 'no' }))
  await post('/v1/outcomes', { outcomes })
  const { arms } = await until(({ arms: [, own] }) => own!.share > 0.99)
  expect(arms[1]!.best).toBe(arms[1]!.share)
  while (new Set((await predict(rows.slice(0, 40))).predictions.map(({ version }) => version)).has(1)) await pause(50)
  await steer('abort')
})

test('a canary of a good version is promoted step by step; its rollback takes it back', {
  timeout: 60_000,
}, async () => {
  await start('canary', [2], {
    steps: '20, 60',
    leastPeople: 30,
    leastMinutes: 0,
    latencyRatio: 100,
    groupRatio: 0,
    approvalShift: 0.4,
  })
  await takenUp(2, 0.2)
  for (let from = 0; server.version() === 1; from = (from + 100) % 400) {
    await predict(rows.slice(from, from + 100))
    await pause(50)
  }
  const { state, reason, history, steps } = await rolloutNow()
  expect([state, reason]).toEqual(['promoted', 'All 2 steps passed and no guard was broken.'])
  expect(history.map(({ text }) => text.slice(0, 20))).toEqual([
    'Rollout of version 2',
    'Step of 60\u00a0%. Versio',
    'Rollout promoted ver',
  ])
  expect(steps.map(({ share }) => share)).toEqual([0.2, 0.6, 1])
  expect(await registry.engine.rollbackModel({ name: 'loans' })).toEqual({ from: 2, to: 1 })
  while (server.version() !== 1) await pause(10)
  expect((await predict(rows.slice(0, 1))).version).toBe(1)
})

test('a canary that refuses nearly everybody is aborted with its figures; nobody was left without an answer', {
  timeout: 60_000,
}, async () => {
  const deployed = await registry.deploy(1e9, {
    rollout: 'canary',
    steps: '50',
    approvalShift: 0.05,
    leastMinutes: 0,
    leastPeople: 1_000,
  })
  expect(deployed.status).toBe('done')
  expect(deployed.steps.find(({ node }) => node === 'deploy')!.card!.text).toContain('rolled out: canary')
  await takenUp(3, 0.5)
  const statuses = new Set<number>()
  while ((await rolloutNow()).state === 'running') {
    for (let from = 0; from < 400; from += 100)
      statuses.add((await post('/v1/predict', { rows: rows.slice(from, from + 100) })).status)
    await pause(100)
  }
  const { state, reason } = await rolloutNow()
  expect([state, [...statuses]]).toEqual(['aborted', [200]])
  expect(reason).toMatch(/^Aborted at 50\u00a0%: favourable decisions/)
  while ((await predict(rows.slice(0, 50))).predictions.some(({ version }) => version !== undefined)) await pause(20)
  expect(server.version()).toBe(1)
})

test('a challenger whose process dies costs nobody an answer, and that counts', { timeout: 60_000 }, async () => {
  // without a rule of its own
  await expect(start('canary', [3], { steps: 'all', leastPeople: 0 })).rejects.toMatchObject({
    problems: [
      { code: 'parameter-bad', path: ['settings', 'steps'] },
      { code: 'parameter-bad', path: ['settings', 'leastPeople'], fix: expect.stringContaining('1') },
    ],
  })
  await start('canary', [3], { steps: '50', leastPeople: 10_000, approvalShift: 1, groupRatio: 0 })
  await takenUp(3, 0.5)
  const unanswered = ({ arms, state }: Rollout) => state !== 'running' || (arms[1]!.errors.value ?? 0) > 0
  for (let from = 0; ; from = (from + 40) % 400) {
    const asked = Array.from({ length: 20 }, () => predict(rows.slice(from, from + 40)))
    const pid = server.challengerPid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    for (const { predictions } of await Promise.all(asked)) expect(predictions.length).toBe(40)
    await pause(300)
    if (unanswered(await rolloutNow())) break
  }
  const [champion, challenger] = (await rolloutNow()).arms
  expect([champion!.errors.value, challenger!.errors.value! > 0]).toEqual([0, true])
  const named = await fetch(`${server.origin}/v2/models/loans/versions/1/infer`, {
    method: 'POST',
    body: '{"inputs": []}',
  })
  expect(named.status).toBe(400)
  if ((await rolloutNow()).state === 'running') await steer('abort')
})

test('blue and green are checked, then green answers everybody', { timeout: 60_000 }, async () => {
  await start('blue-green', [2])
  const { history } = await until(({ state }) => state === 'promoted')
  expect(history.map(({ text }) => text)).toContain('Both versions keep the contract')
  while (server.version() !== 2) await pause(10)
  expect((await predict(rows.slice(0, 3))).version).toBe(2)
  expect(brokenAuditEntries(db)).toEqual([])
})
