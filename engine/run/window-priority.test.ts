import os from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { forkSpawner } from './process-spawner.ts'
import { fullDocument, runToEnd, testingProject } from './testing-project.ts'

const project = testingProject()
afterAll(() => project.close())

/** Priorities of the processes that steps ran in. */
async function prioritiesOf(options: { readonly window?: boolean }): Promise<number[]> {
  const found: number[] = []
  const spawner = forkSpawner({ heapMegabytes: 512 })
  const watching = {
    spawn(module: string) {
      const process = spawner.spawn(module)
      process.onMessage(({ t }) => {
        if (t === 'done' && process.pid !== undefined) found.push(os.getPriority(process.pid))
      })
      return process
    },
  }
  const engine = await project.open({ ...options, spawner: watching })
  const { summary } = await runToEnd(engine, { document: fullDocument(project.folder), useCache: false })
  expect(summary.status).toBe('done')
  await engine.close()
  return found
}

test('steps leave the processor to a window, and only where there is one', async () => {
  const own = os.getPriority()
  const beside = await prioritiesOf({ window: true })
  expect(beside.length).toBeGreaterThan(0)
  for (const priority of beside) expect(priority).toBeGreaterThan(own)
  for (const priority of await prioritiesOf({})) expect(priority).toBe(own)
})
