import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

let project: TestingProject
beforeEach(() => {
  project = testingProject()
})
afterEach(() => project.close())

/** Starts an engine process on the project and kills it so many milliseconds after it is open. */
async function killAfter(ms: number, seed: number): Promise<void> {
  const module = fileURLToPath(new URL('./testing-engine-process.ts', import.meta.url))
  const child = fork(module, [project.folder, String(seed)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  await once(child, 'message')
  await new Promise((resolve) => setTimeout(resolve, ms))
  child.kill('SIGKILL')
  await ended
}

async function outputsOf(engine: OpenEngine, run: string) {
  const { steps } = await engine.runDetail({ run })
  return steps.map((step) => [step.node, Object.values(step.outputs).map((artifact) => artifact.hash)])
}

test('killed at twenty moments, each run ends with the artifacts of an undisturbed one', {
  timeout: 180_000,
}, async () => {
  const calm = await project.open()
  const undisturbed = await runToEnd(calm, { document: { ...fullDocument(project.folder, { pauseMs: 20 }), seed: 0 } })
  const wanted = await outputsOf(calm, undisturbed.summary.id)
  await calm.close()
  let interrupted = 0
  for (let round = 1; round <= 20; round++) {
    await killAfter(Math.random() * 700, round * 1_000)
    const engine = await project.open()
    for (const run of await engine.runs({ limit: 20 })) {
      expect(['interrupted', 'done']).toContain(run.status)
      expect(await engine.verify({ run: run.id })).toMatchObject({ ok: true, findings: [] })
    }
    expect(project.leftOver()).toEqual([])
    const [last] = await engine.runs({ file: 'lines.plumb.json', limit: 1 })
    if (last?.status === 'interrupted') {
      interrupted++
      const { document, steps } = await engine.runDetail({ run: last.id })
      const resumed = await runToEnd(engine, { document, file: 'lines.plumb.json' })
      expect(resumed.summary.status).toBe('done')
      for (const { node, nodeType } of steps) if (nodeType !== 'test/act') expect(resumed.statuses[node]).toBe('cached')
      expect(await outputsOf(engine, resumed.summary.id)).toEqual(wanted)
    }
    await engine.close()
  }
  expect(interrupted).toBeGreaterThan(5)
})
