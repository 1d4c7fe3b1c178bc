import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunEvent } from '#contract'
import type { OpenEngine } from './engine.ts'
import { type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

/** Settles once the step has shown some rounds. */
function shownRounds(least: number): Promise<RunEvent> {
  return new Promise((resolve) => {
    const stop = engine.subscribe((event) => {
      if (event.type !== 'live') return
      const [block] = event.blocks
      if (block?.block !== 'text' || Number.parseInt(block.text, 10) < least) return
      stop()
      resolve(event)
    })
  })
}
const document = () =>
  testingDocument({ slow: { type: 'patient', params: { rounds: 4_000, marks: project.folder } } }, [])
const checkpoints = () => {
  const folder = path.join(project.folder, '.plumbline', 'checkpoints')
  return existsSync(folder) ? readdirSync(folder) : []
}
const marks = () => readFileSync(path.join(project.folder, 'executed.txt'), 'utf8').trim().split('\n')

test('a step shows itself while it works and ends early with a result when asked', async () => {
  const shown = shownRounds(3)
  const { id } = await engine.run({ document: document() })
  expect(await shown).toMatchObject({ type: 'live', run: id, node: 'slow' })
  await engine.finish({ run: id, node: 'slow' })
  expect((await engine.idle(id)).status).toBe('done')
  const [step] = (await engine.runDetail({ run: id })).steps
  const rounds = Number.parseInt(step!.card!.text, 10)
  expect(rounds).toBeGreaterThanOrEqual(3)
  expect(rounds).toBeLessThan(4_000)
  expect(checkpoints()).toEqual([])
})

test('a cancelled step goes on from its checkpoint, which is gone once it is done', async () => {
  const first = shownRounds(3)
  const { id } = await engine.run({ document: document() })
  await first
  await engine.cancel({ run: id })
  expect((await engine.idle(id)).status).toBe('cancelled')
  expect(checkpoints()).toHaveLength(1)
  const second = shownRounds(4)
  const again = await engine.run({ document: document() })
  await second
  await engine.finish({ run: again.id, node: 'slow' })
  expect((await engine.idle(again.id)).status).toBe('done')
  expect(marks()).toEqual(['from start', 'from checkpoint'])
  expect(checkpoints()).toEqual([])
})
