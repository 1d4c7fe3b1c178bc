import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addCases, addReasons, openQueue, queueFile } from '#store/queue/open-queue'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-queue-'))
  writeFileSync(path.join(folder, 'plumbline.json'), '{"format":1,"name":"Queue"}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  const code = await main(words, io)
  return { code, ...io.written }
}

function fill(): void {
  mkdirSync(path.join(folder, '.plumbline'))
  const queue = openQueue(queueFile(folder))
  const one = (id: string, level: 'suggest' | 'human-first') => ({
    id,
    model: 'loans',
    version: 2,
    request: 'r',
    place: 0,
    automation: { level },
    sight: level === 'suggest' ? ('before' as const) : ('after' as const),
    why: [{ cause: 'level' as const }, { cause: 'unseen' as const, column: 'employment' }],
    row: { income: 52_000, employment: 'pirate', member: true, age_group: 'young' },
    protected: ['age_group'],
    choices: ['yes', 'no'],
    target: 'approved',
    answer: { decision: 'no', score: 0.31 },
    fallback: false,
    pending: false,
  })
  addCases(queue, [one('first', 'suggest'), one('second', 'human-first')])
  const contributions = [{ feature: 'debt_ratio', contribution: -0.82 }]
  addReasons(queue, [{ id: 'first', reasons: { method: 'Linear SHAP', space: 'log-odds', base: 0.1, contributions } }])
  queue.close()
}

test('the queue is listed, shown, decided and exported', async () => {
  expect(await plumbline('queue')).toMatchObject({ code: 0, out: expect.stringContaining('No case waits') })
  expect((await plumbline('queue', 'show', 'first')).error).toContain('No case ever waited')
  fill()
  expect((await plumbline('queue')).out).toMatch(/^first +loans v2 +queued +people decide, new value of employment /m)
  expect((await plumbline('queue', 'list')).out).toContain('2 cases wait, the oldest since')
  const shown = (await plumbline('queue', 'show', 'first')).out
  expect(shown).toMatch(/The model says no, score 0\.310\n {2}debt_ratio {2}−0\.82/)
  expect(shown).not.toContain('age_group')
  expect((await plumbline('queue', 'show', 'second')).out).not.toContain('The model says')
  expect((await plumbline('queue', 'export', '--out', 'x.csv')).error).toContain('No case was decided')
  const decided = await plumbline('queue', 'decide', 'first', 'yes', '--as', 'Ada', '--note', 'knows the firm')
  expect(decided.out).toContain('Decided: yes by Ada. knows the firm')
  expect(await plumbline('queue', 'decide', 'first', 'no')).toMatchObject({ code: 2 })
  const first = await plumbline('queue', 'decide', 'second', 'no', '--as', 'Ada')
  expect(first.out).toContain('The model says no')
  expect(first.out).toContain('Give the command again')
  const last = await plumbline('queue', 'decide', 'second', 'no', '--as', 'Ada', '--json')
  expect(JSON.parse(last.out)).toMatchObject({ state: 'decided', first: 'no', decision: 'no' })
  expect((await plumbline('queue', '--all', '--model', 'loans')).out).toContain(
    'Agreement of people with the model 0.5',
  )
  expect(JSON.parse((await plumbline('queue', '--json')).out)).toMatchObject({ cases: [], counts: { decided: 2 } })
  expect((await plumbline('queue', 'export')).error).toContain('needs a file')
  expect((await plumbline('queue', 'export', '--out', 'labels.csv')).out).toBe('2 decided cases: labels.csv\n')
  const [head, row] = readFileSync(path.join(folder, 'labels.csv'), 'utf8').split('\n')
  expect(head).toBe(
    'age_group,employment,income,member,approved,case,model_version,model_decision,model_score,decided_by,decided_at',
  )
  expect(row).toMatch(/^young,pirate,52000(\.0)?,true,yes,first,2,no,0\.31,Ada,2/)
})
