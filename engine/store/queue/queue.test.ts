import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditEntries, brokenAuditEntries } from '../audit-chain.ts'
import {
  addCases,
  addReasons,
  type CaseQueue,
  casesWithoutReasons,
  type NewCase,
  openQueue,
  settleCases,
} from './open-queue.ts'
import { listCases, queueCounts, queueFigures, queueModels } from './read-queue.ts'
import { caseRow, decideCase, leaseMs, releaseCase, takeCase } from './work-queue.ts'

let folder: string
let queue: CaseQueue
/** What the clock says. */
let now = Date.parse('2026-11-24T09:00:00Z')
const later = (ms: number) => {
  now += ms
}
const minute = 60_000

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-queue-'))
  queue = openQueue(path.join(folder, 'queue.sqlite'), () => now)
})
afterEach(() => {
  queue.close()
  rmSync(folder, { recursive: true, force: true })
})

const newCase = (id: string, change: Partial<NewCase> = {}): NewCase => ({
  id,
  model: 'loans',
  version: 3,
  request: 'r1',
  place: 0,
  automation: { level: 'suggest' },
  sight: 'before',
  why: [{ cause: 'level' }],
  row: { income: 40_000, age_group: 'young', approved: 'yes' },
  protected: ['age_group'],
  choices: ['yes', 'no'],
  target: 'approved',
  answer: { decision: 'yes', score: 0.7 },
  fallback: false,
  pending: false,
  ...change,
})

test('a case is shown without protected columns and the target, with what the model says where that may be seen', () => {
  addCases(queue, [newCase('a'), newCase('b', { sight: 'never' }), newCase('c', { sight: 'after' })])
  const [a, b, c] = listCases(queue)
  expect(a).toMatchObject({ id: 'a', state: 'queued', choices: ['yes', 'no'], answer: { decision: 'yes', score: 0.7 } })
  expect(a!.row).toEqual([{ name: 'income', value: 40_000 }])
  expect([b!.answer, c!.answer]).toEqual([undefined, undefined])
  expect(queueModels(queue)).toEqual(['loans'])
})

test('two people never work on the same case; a case is free again when its time is over', () => {
  addCases(queue, [newCase('a')])
  expect(takeCase(queue, { who: 'Ada' })).toMatchObject({ id: 'a', state: 'taken', holder: 'Ada' })
  expect(takeCase(queue, { who: 'Ben' })).toBeNull()
  expect(() => takeCase(queue, { who: 'Ben', id: 'a' })).toThrow('Ada works on the case a')
  expect(() => decideCase(queue, { id: 'a', who: 'Ben', decision: 'no' })).toThrow('Ada works on the case a')
  later(leaseMs + 1)
  expect(takeCase(queue, { who: 'Ben' })).toMatchObject({ holder: 'Ben' })
  expect(() => decideCase(queue, { id: 'a', who: 'Ada', decision: 'yes' })).toThrow('Ben works on the case a')
  later(2 * minute)
  expect(decideCase(queue, { id: 'a', who: 'Ben', decision: 'no', note: ' thin file ' })).toMatchObject({
    state: 'decided',
    decision: 'no',
    by: 'Ben',
    note: 'thin file',
    ms: 2 * minute,
  })
  expect(() => decideCase(queue, { id: 'a', who: 'Ada', decision: 'yes' })).toThrow('was decided by Ben')
  expect(() => decideCase(queue, { id: 'b', who: 'Ada', decision: 'yes' })).toThrow('no case "b"')
  addCases(queue, [newCase('c')])
  expect(() => takeCase(queue, { who: ' ' })).toThrow('Nobody is named')
})

test('the most urgent comes first; what is skipped and given back waits for others', () => {
  addCases(queue, [
    newCase('a'),
    newCase('b', { automation: { level: 'suggest', dueHours: 2 } }),
    newCase('c', { automation: { level: 'suggest', dueHours: 1 } }),
  ])
  expect(takeCase(queue, { who: 'Ada' })!.id).toBe('c')
  releaseCase(queue, { id: 'c', who: 'Ada' })
  expect(takeCase(queue, { who: 'Ada', skip: ['c'] })!.id).toBe('b')
  expect(takeCase(queue, { who: 'Ben' })!.id).toBe('c')
  expect(takeCase(queue, { who: 'Ada' })!.id).toBe('b')
  later(3 * 60 * minute)
  expect(queueCounts(queue)).toMatchObject({ queued: 3, taken: 0, overdue: 2 })
  expect(queueCounts(queue).oldestAt).toBeDefined()
})

test('people who decide first see the model after that, may revise, and both are kept', () => {
  addCases(
    queue,
    ['a', 'b'].map((id) => newCase(id, { sight: 'after', automation: { level: 'human-first' } })),
  )
  takeCase(queue, { who: 'Ada', id: 'a' })
  const first = decideCase(queue, { id: 'a', who: 'Ada', decision: 'no' })
  expect(first).toMatchObject({ state: 'first', first: 'no', answer: { decision: 'yes' } })
  expect(first.decision).toBeUndefined()
  releaseCase(queue, { id: 'a', who: 'Ada' })
  expect(decideCase(queue, { id: 'a', who: 'Ada', decision: 'yes' })).toMatchObject({
    state: 'decided',
    first: 'no',
    decision: 'yes',
  })
  decideCase(queue, { id: 'b', who: 'Ada', decision: 'no' })
  later(leaseMs + 1)
  expect(listCases(queue).find(({ id }) => id === 'b')).toMatchObject({ state: 'decided', decision: 'no' })
  settleCases(queue)
  expect(caseRow(queue, 'b')).toMatchObject({ state: 'decided', decision: 'no', decided_by: 'Ada' })
  const { agreement, overridden, revised } = queueFigures(queue)
  expect([agreement.value, overridden.value, revised.value]).toEqual([0, 0.5, 0.5])
})

test('an answer takes force when nobody vetoes it in time, and waits while somebody looks', () => {
  const veto = { automation: { level: 'veto', vetoMinutes: 10 }, why: [{ cause: 'veto' }], pending: true } as const
  addCases(queue, [newCase('a', veto), newCase('b', veto), newCase('c', veto)])
  expect(decideCase(queue, { id: 'a', who: 'Ada', decision: 'no' })).toMatchObject({ decision: 'no', by: 'Ada' })
  later(9 * minute)
  takeCase(queue, { who: 'Ada', id: 'b' })
  later(2 * minute)
  expect(queueCounts(queue)).toMatchObject({ taken: 1, pending: 0, decided: 1, inForce: 1 })
  const c = listCases(queue).find(({ id }) => id === 'c')
  expect(c).toMatchObject({ state: 'in-force', decision: 'yes' })
  expect(c!.by).toBeUndefined()
  expect(() => decideCase(queue, { id: 'c', who: 'Ada', decision: 'no' })).toThrow("the model's answer took force")
  expect(decideCase(queue, { id: 'b', who: 'Ada', decision: 'no' })).toMatchObject({ decision: 'no' })
  expect(auditEntries(queue.db, 'a').map(({ kind }) => kind)).toEqual(['case-queued', 'case-vetoed'])
  expect(auditEntries(queue.db, 'c').map(({ kind }) => kind)).toEqual(['case-queued', 'case-in-force'])
})

test('the history of every case is a chain that shows changes', () => {
  addCases(queue, [newCase('a'), newCase('b')])
  takeCase(queue, { who: 'Ada', id: 'a' })
  decideCase(queue, { id: 'a', who: 'Ada', decision: 'yes' })
  expect(auditEntries(queue.db, 'a').map(({ kind }) => kind)).toEqual(['case-queued', 'case-taken', 'case-decided'])
  expect(brokenAuditEntries(queue.db)).toEqual([])
  expect(() => queue.db.run("UPDATE audit SET body = '{}' WHERE number = 2")).toThrow('only grows')
})

test('an answer that the model could not give is refused; numbers are numbers', () => {
  addCases(queue, [newCase('a')])
  const { choices: _, ...number } = newCase('n', { answer: { decision: 12.5, score: 12.5 } })
  addCases(queue, [number])
  expect(() => decideCase(queue, { id: 'a', who: 'Ada', decision: 'maybe' })).toThrow('"maybe" is no answer')
  expect(() => decideCase(queue, { id: 'n', who: 'Ada', decision: 'much' })).toThrow('"much" is no answer')
  expect(decideCase(queue, { id: 'n', who: 'Ada', decision: '13' })).toMatchObject({ decision: 13 })
})

test('reasons come later, and are asked for again when they never came', () => {
  addCases(queue, [newCase('a'), newCase('b', { sight: 'never' }), newCase('c')])
  expect(casesWithoutReasons(queue, 'loans', 3).map(({ id }) => id)).toEqual(['a', 'c'])
  addReasons(queue, [{ id: 'a', reasons: { notAvailable: 'A sentence.' } }])
  expect(listCases(queue)[0]!.reasons).toEqual({ notAvailable: 'A sentence.' })
  expect(casesWithoutReasons(queue, 'loans', 3).map(({ id }) => id)).toEqual(['c'])
})

test('agreement by protected group has an interval, and says where cases are few', () => {
  const groups = ['young', 'old', null]
  addCases(
    queue,
    Array.from({ length: 93 }, (_, at) => newCase(`c${at}`, { row: { age_group: groups[at % 3] ?? null } })),
  )
  addCases(queue, [newCase('ruled', { fallback: true }), newCase('away', { answer: undefined as never })])
  for (let at = 0; at < 93; at++)
    if (at % 3 !== 2 || at < 9) decideCase(queue, { id: `c${at}`, who: 'Ada', decision: at % 2 ? 'yes' : 'no' })
  decideCase(queue, { id: 'ruled', who: 'Ada', decision: 'no' })
  const { agreement, groups: columns } = queueFigures(queue, 'loans')
  expect(agreement.n).toBe(65)
  expect(columns).toMatchObject([{ column: 'age_group' }])
  const [old, young, none] = columns[0]!.groups
  expect([old!.group, old!.agreement.n, old!.small]).toEqual(['old', 31, false])
  expect([young!.group, young!.agreement.n, young!.small]).toEqual(['young', 31, false])
  expect([none!.group, none!.agreement.n, none!.small]).toEqual(['', 3, true])
  expect(old!.agreement.low).toBeLessThan(old!.agreement.value!)
  expect(queueFigures(queue, 'others').agreement.n).toBe(0)
})
