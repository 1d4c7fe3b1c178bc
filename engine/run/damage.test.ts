import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

/** Stored files with the place a run needs them at, as `verify` names it. */
async function storedFiles(run: string): Promise<readonly { file: string; where: string }[]> {
  const folder = path.join(project.folder, '.plumbline', 'artifacts')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  const found: { file: string; where: string }[] = []
  for (const file of files) {
    const content = readFileSync(file)
    rmSync(file)
    const { findings } = await engine.verify({ run })
    writeFileSync(file, content)
    expect(findings, file).toHaveLength(1)
    found.push({ file, where: findings[0]!.where })
  }
  return found
}

test.each(['a flipped byte', 'a missing byte', 'a missing file'])(
  '%s anywhere re-runs the one step that made it, and heals',
  async (how) => {
    const document = fullDocument(project.folder)
    const { summary } = await runToEnd(engine, { document })
    const before = project.stored()
    for (const { file, where } of await storedFiles(summary.id)) {
      const content = readFileSync(file)
      if (how === 'a missing file') rmSync(file)
      else if (how === 'a missing byte') writeFileSync(file, content.subarray(1))
      else writeFileSync(file, content.with(0, content[0]! ^ 1))
      const verified = await engine.verify({ run: summary.id })
      expect(verified.findings).toMatchObject([{ where }])
      const again = await runToEnd(engine, { document })
      const made = Object.entries(again.statuses).filter(([node, status]) => status === 'done' && node !== 'act')
      expect(made, where).toHaveLength(1)
      expect(where).toContain(made[0]![0])
      expect(await engine.verify({ run: summary.id })).toMatchObject({ ok: true })
    }
    expect(project.stored()).toEqual(before)
  },
)

test('what is damaged while an engine is shut is found by the next one', async () => {
  const document = fullDocument(project.folder)
  const { summary } = await runToEnd(engine, { document })
  const [one] = await storedFiles(summary.id)
  await engine.close()
  writeFileSync(one!.file, readFileSync(one!.file).with(3, 7))
  const next = await project.open()
  const again = await runToEnd(next, { document })
  expect(Object.values(again.statuses).filter((status) => status === 'done')).toHaveLength(2)
})

test('damage that only a new process sees fails the step that reads it; the run after that heals', async () => {
  const lone = await project.open({ threads: 1 })
  const reading = (next: { type: string; params?: Record<string, string> }) =>
    testingDocument({ read: { type: 'read', params: { folder: project.folder } }, next }, ['read.table next.table'])
  await runToEnd(lone, { document: reading({ type: 'change' }), targets: ['read'] })
  const names = project.stored().map((hash) => path.join(hash.slice(0, 2), hash.slice(2)))
  const files = names.map((name) => path.join(project.folder, '.plumbline', 'artifacts', name))
  const file = files.find((one) => readFileSync(one, 'utf8') === 'one\ntwo\nthree\n')!
  const time = 1_700_000_000
  utimesSync(file, time, time)
  // The engine sees the new time, reads the file and trusts it from now on; the only worker process dies.
  await runToEnd(lone, { document: reading({ type: 'misbehave', params: { how: 'kill' } }) })
  writeFileSync(file, 'ONE\ntwo\nthree\n')
  utimesSync(file, time, time)
  const document = reading({ type: 'change' })
  const { summary, statuses } = await runToEnd(lone, { document })
  expect(statuses).toEqual({ read: 'cached', next: 'failed' })
  const { steps } = await lone.runDetail({ run: summary.id })
  expect(steps[1]!.problems).toMatchObject([{ code: 'artifact-damaged', node: 'next' }])
  expect((await runToEnd(lone, { document })).statuses).toEqual({ read: 'done', next: 'done' })
})

test('a file that changes while it is read gives no result', async () => {
  const source = path.join(project.folder, 'lines.txt')
  const slow = testingDocument({ slow: { type: 'slow-read', params: { folder: project.folder } } })
  const running = new Promise<void>((resolve) => {
    engine.subscribe((event) => {
      if (event.type === 'progress' && event.node === 'slow') resolve()
    })
  })
  const { id } = await engine.run({ document: slow })
  await running
  writeFileSync(source, 'other\nlines\n')
  expect(await engine.idle(id)).toMatchObject({ status: 'failed' })
  expect((await engine.runDetail({ run: id })).steps[0]!.problems[0]!.message).toContain('changed while it was read')
  expect(project.stored()).toEqual([])
  expect((await runToEnd(engine, { document: slow })).summary.status).toBe('done')
})
