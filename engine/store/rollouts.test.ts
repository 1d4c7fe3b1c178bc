import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseRolloutSettings, type RolloutStrategy } from '#contract'
import { type ArmTally, emptyTally } from '#ml/rollout/arm-tally'
import { brokenAuditEntries } from './audit-chain.ts'
import { challenge } from './challenge.ts'
import { creditOutcomes } from './credit-outcomes.ts'
import { type Database, openDatabase } from './database.ts'
import { listModels } from './read-registry.ts'
import { listRollouts, rolloutOf } from './read-rollouts.ts'
import { promoteModel } from './registry.ts'
import { addTallies, evidenceOf, rolloutUnderWay } from './rollout-records.ts'
import { moveRollout, recordCheck, startRollout, steerRollout } from './rollouts.ts'

let folder: string
let db: Database
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-rollouts-'))
  db = openDatabase(path.join(folder, 'lineage.sqlite'))
  db.run("INSERT INTO registered_models (name, description, reviewers, created_at) VALUES ('loans', '', '[]', '')")
  for (const version of [1, 2, 3]) {
    db.run("INSERT INTO artifacts (hash, kind, bytes, made_at) VALUES (?, 'model', 1, '')", `m${version}`)
    db.run(
      `INSERT INTO model_versions (name, version, model, stage, tags, metrics, run, registered_at)
       VALUES ('loans', ?, ?, 'development', '[]', '[]', 'r', '')`,
      ...[version, `m${version}`],
    )
  }
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const settings = (given = {}) =>
  parseRolloutSettings({ favourable: 'yes', success: 'yes', classes: ['no', 'yes'], ...given })
const start = (strategy: RolloutStrategy = 'canary', versions = [2], given = {}) =>
  startRollout(db, { name: 'loans', versions, strategy, settings: settings(given) })
const inProduction = (version: number) => promoteModel(db, { name: 'loans', version, stage: 'production' })
const tally = (people: number, given: Partial<ArmTally> = {}): ArmTally => ({
  ...emptyTally,
  answers: people,
  people,
  decided: people,
  favourable: people / 2,
  ...given,
})
const count = (id: number, step: number, of: Readonly<Record<number, ArmTally>>) =>
  addTallies(db, id, step, new Map(Object.entries(of).map(([version, one]) => [Number(version), one])))
const stageOf = (version: number) => listModels(db)[0]!.versions.find((one) => one.version === version)!.stage

test('a rollout needs a version in production, another one, and the way free', () => {
  expect(() => start()).toThrow('nothing to compare with')
  inProduction(1)
  expect(() => start('canary', [1])).toThrow('in production already')
  expect(() => start('canary', [7])).toThrow('no version 7')
  expect(() => start('canary', [2, 3])).toThrow('takes one new version')
  expect(() => start('canary', [2], { steps: '100' })).toThrow('no share between')
  expect(() => start('bandit-ucb', [2], { lowest: 2 })).toThrow('not below the highest')
  start()
  expect(() => start('shadow', [3])).toThrow('A rollout of loans is under way: canary of version 2')
  expect(() => steerRollout(db, { name: 'homes', action: 'pause' })).toThrow('No rollout of homes')
})

const askLawyer = () => db.run(`UPDATE registered_models SET reviewers = '[{"stage":"production","role":"Lawyer"}]'`)
const askNobody = () => db.run("UPDATE registered_models SET reviewers = '[]'")

test('who may not enter production answers nobody: neither a share of people, nor once an approval is taken back', () => {
  inProduction(1)
  askLawyer()
  for (const strategy of ['canary', 'a-b', 'bandit-thompson', 'bandit-ucb'] as const)
    expect(() => start(strategy)).toThrow('Version 2 of loans can not answer people: Lawyer has not approved it.')
  start('shadow')
  steerRollout(db, { name: 'loans', action: 'abort' })
  askNobody()
  const id = start()
  expect(moveRollout(db, 'loans', id)!.action).toBe('stay')
  askLawyer()
  expect(moveRollout(db, 'loans', id)!.action).toBe('abort')
  expect(rolloutOf(db, 'loans')!.reason).toBe('Aborted: version 2 is not approved by Lawyer any more.')
  expect(stageOf(1)).toBe('production')
})

test('blue and green wait for whom production asks', () => {
  inProduction(1)
  askLawyer()
  const id = start('blue-green')
  recordCheck(db, id, 'loans', 'kept')
  expect(moveRollout(db, 'loans', id)!.action).toBe('promote')
  expect(rolloutOf(db, 'loans')).toMatchObject({
    state: 'running',
    verdict: expect.stringContaining('It waits for the approval of Lawyer.'),
  })
  expect(() => steerRollout(db, { name: 'loans', action: 'promote' })).toThrow('Lawyer has not approved it')
  expect(rolloutUnderWay(db, 'loans')!.state).toBe('running')
  askNobody()
  moveRollout(db, 'loans', id)
  expect(stageOf(2)).toBe('production')
})

test('a canary steps and is promoted once by whoever comes first', () => {
  inProduction(1)
  const id = start('canary', [2], { steps: '10, 50', leastPeople: 100, leastMinutes: 0 })
  expect(moveRollout(db, 'loans', id)!.action).toBe('stay')
  count(id, 0, { 1: tally(900), 2: tally(60) })
  count(id, 0, { 2: tally(60) })
  expect(moveRollout(db, 'loans', id)!.action).toBe('next')
  expect(rolloutOf(db, 'loans')).toMatchObject({
    arms: [{ share: 0.5 }, { share: 0.5, people: 120 }],
    steps: [{ state: 'passed' }, { state: 'now' }, { share: 1, state: 'ahead' }],
  })
  expect(moveRollout(db, 'loans', id)!.action).toBe('stay')
  count(id, 1, { 1: tally(200), 2: tally(200) })
  expect(moveRollout(db, 'loans', id)!.action).toBe('promote')
  expect(moveRollout(db, 'loans', id)).toBeUndefined()
  expect([stageOf(1), stageOf(2)]).toEqual(['retired', 'production'])
  const { trail } = listModels(db)[0]!
  expect(trail.map(({ text }) => text)[0]).toMatch(/^Rollout promoted version 2\. All 2 steps passed/)
  expect(brokenAuditEntries(db)).toEqual([])
})

test('a broken guard aborts and is told with its figures', () => {
  inProduction(1)
  const id = start()
  count(id, 0, { 1: tally(5_000), 2: tally(300, { errors: 60, groups: { sex: { f: [90, 30] } } }) })
  expect(moveRollout(db, 'loans', id)!.action).toBe('abort')
  const { state, reason, history, guards, arms } = rolloutOf(db, 'loans')!
  expect([state, guards]).toEqual(['aborted', []])
  expect(arms[1]!.groups).toMatchObject([{ column: 'sex', group: 'f', favourable: { value: 1 / 3, n: 90 } }])
  expect(reason).toMatch(
    /^Aborted at 1\u00a0%: errors of version 2 are at least 1\d\.\d+\u00a0%, of version 1 at most 0\.\d+\u00a0%; 1\.5 times are allowed\.$/,
  )
  expect(history.at(-1)!.text).toContain(reason)
  expect(stageOf(1)).toBe('production')
  expect(() => challenge(db, 'loans', 2, { strategy: 'canary', settings: settings() })).toThrow(
    'a run does not begin it again',
  )
  expect(challenge(db, 'loans', 3, { strategy: 'shadow', settings: settings() })).toBe(
    '**loans v3** rolled out: shadow',
  )
  expect(challenge(db, 'loans', 3, { strategy: 'shadow', settings: settings() })).toContain('shadow')
  db.run("UPDATE rollouts SET state = 'promoted', ended_at = '' WHERE ended_at IS NULL")
  start('shadow', [2])
  expect(challenge(db, 'loans', 3, { strategy: 'a-b', settings: settings() })).toContain('a-b')
  expect(listRollouts(db).map(({ state: one }) => one)).toEqual(['running', 'aborted', 'promoted', 'aborted'])
})

test('while it is paused nothing moves; production that changes otherwise ends it', () => {
  inProduction(1)
  const id = start('blue-green')
  steerRollout(db, { name: 'loans', action: 'pause' })
  steerRollout(db, { name: 'loans', action: 'pause' })
  expect(moveRollout(db, 'loans', id)).toBeUndefined()
  expect(rolloutOf(db, 'loans')!.verdict).toMatch(/^Paused: version 1/)
  recordCheck(db, id, 'loans', 'kept')
  recordCheck(db, id, 'loans', 'late')
  steerRollout(db, { name: 'loans', action: 'resume' })
  expect(rolloutUnderWay(db, 'loans')).toMatchObject({ state: 'running', checked: 'kept' })
  inProduction(3)
  expect(rolloutOf(db, 'loans')).toMatchObject({ state: 'aborted', reason: 'Version 3 came into production.' })
  start('a-b', [1, 2])
  expect(() => steerRollout(db, { name: 'loans', action: 'promote' })).toThrow('compares versions 1, 2')
  steerRollout(db, { name: 'loans', action: 'promote', version: 2 })
  expect(stageOf(2)).toBe('production')
})

test('outcomes count for the version that answered', () => {
  inProduction(1)
  const id = start('a-b')
  const one = { rollout: id, decision: 'yes' }
  creditOutcomes(db, [
    { ...one, version: 1, outcome: 'yes' },
    { ...one, version: 2, outcome: 'no' },
    { ...one, version: 2, outcome: 'yes' },
    { ...one, version: 2, outcome: 'late' },
    { ...one, rollout: null, version: 2, outcome: 'yes' },
    { ...one, rollout: 77, version: 2, outcome: 'yes' },
  ])
  expect(rolloutOf(db, 'loans')!.arms).toMatchObject([
    { outcomes: 1, reward: { value: 1 }, wrong: { value: 0 } },
    { outcomes: 3, reward: { value: 1 / 3 }, wrong: { value: 0.5, n: 2 } },
  ])
  steerRollout(db, { name: 'loans', action: 'abort' })
  const numbers = start('bandit-ucb', [2], { outcome: 'number', highest: 10 })
  creditOutcomes(
    db,
    [3, 99, 'none'].map((outcome) => ({ rollout: numbers, version: 2, decision: 1, outcome })),
  )
  expect(rolloutOf(db, 'loans')!.arms[1]).toMatchObject({ outcomes: 2, reward: { value: 6.5 } })
  const { all } = evidenceOf(db, rolloutUnderWay(db, 'loans')!)
  expect(all[1]!.outcomes.misses).toEqual({ n: 2, mean: 50, squares: 4_608 })
})
