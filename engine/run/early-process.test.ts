import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startEarly } from './early-process.ts'
import { forkSpawner, type WorkerProcess } from './process-spawner.ts'

const module = fileURLToPath(new URL('./testing-member.ts', import.meta.url))
const other = fileURLToPath(new URL('./peak-memory.ts', import.meta.url))

/** The spawner by fork, and whatever it started. */
function watched() {
  const started: WorkerProcess[] = []
  const spawner = forkSpawner({ heapMegabytes: 64 })
  return {
    started,
    spawner: {
      spawn(name: string) {
        const child = spawner.spawn(name)
        started.push(child)
        return child
      },
    },
  }
}

const ended = (child: WorkerProcess) =>
  new Promise<string | null>((resolve) => child.onEnd(({ signal }) => resolve(signal)))

test('the first process asked for is the one that was started early', async () => {
  const { started, spawner } = watched()
  const early = startEarly(spawner, module)
  expect(started).toHaveLength(1)
  const first = early.spawn(module)
  expect(first.pid).toBe(started[0]!.pid)
  const second = early.spawn(module)
  expect(second.pid).not.toBe(first.pid)
  // What was given away is no longer its own to end.
  early.close()
  const ends = [first, second].map(ended)
  for (const child of [first, second]) child.kill()
  expect(await Promise.all(ends)).toEqual(['SIGKILL', 'SIGKILL'])
  expect(started).toHaveLength(2)
})

test('a process that nobody wanted, or not of this module, ends', async () => {
  const { started, spawner } = watched()
  const unwanted = startEarly(spawner, module)
  const asked = startEarly(spawner, module)
  const ends = started.map(ended)
  unwanted.close()
  const child = asked.spawn(other)
  expect(child.pid).not.toBe(started[1]!.pid)
  expect(await Promise.all(ends)).toEqual(['SIGKILL', 'SIGKILL'])
  child.kill()
})

test('without a module nothing starts before it is asked for', () => {
  const { started, spawner } = watched()
  const early = startEarly(spawner, undefined)
  expect(started).toHaveLength(0)
  early.spawn(module).kill()
  early.close()
  expect(started).toHaveLength(1)
})
