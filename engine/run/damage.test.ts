import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

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
