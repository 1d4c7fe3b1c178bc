import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { forkSpawner } from './process-spawner.ts'
import { testingCatalogueUrl } from './testing-project.ts'
import { createWorkerPool, type Worker, type WorkerPool } from './worker-pool.ts'

let pool: WorkerPool
let stamp = 'first'
const open = (catalogueUrl = testingCatalogueUrl, nodes?: Record<string, string>) => {
  pool = createWorkerPool({
    spawner: forkSpawner({ heapMegabytes: 512 }),
    launch: () => ({
      module: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      setup: { catalogueUrl, project: '.', artifacts: '.', engineVersion: '0', ...(nodes && { nodes }) },
    }),
    stamp: () => stamp,
  })
}
afterEach(() => pool.close())

test('a process that was given back is taken again, a second one only while the first works', async () => {
  open()
  const first = await pool.take()
  pool.give(first)
  expect(await pool.take()).toBe(first)
  const second = await pool.take()
  expect(second.pid).not.toBe(first.pid)
  expect(pool.size()).toBe(2)
})

test('after source files changed no older process is taken', async () => {
  open()
  const [working, resting] = [await pool.take(), await pool.take()]
  pool.give(resting)
  stamp = 'second'
  const fresh = await pool.take()
  expect([working.pid, resting.pid]).not.toContain(fresh.pid)
  pool.give(working)
  const next = await pool.take()
  expect([working.pid, resting.pid, fresh.pid]).not.toContain(next.pid)
})

test('a process that ended is not taken again', async () => {
  open()
  const worker = await pool.take()
  pool.give(worker)
  process.kill(worker.pid!, 'SIGKILL')
  await expect.poll(() => pool.size()).toBe(0)
  expect((await pool.take()).pid).not.toBe(worker.pid)
})

test('a catalogue that can not be read is said', async () => {
  open('file:///absent/catalogue.ts')
  await expect(pool.take()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('absent') })
})

test('processes that were prepared are those that are taken, also while they start', async () => {
  open()
  pool.prepare(2)
  expect(pool.size()).toBe(2)
  const [first, second] = [await pool.take(), await pool.take()]
  expect(pool.size()).toBe(2)
  pool.give(first)
  pool.prepare(2)
  expect(await pool.take()).toBe(first)
  expect(second.pid).not.toBe(first.pid)
})

test('a process that was prepared in vain is reported when it is taken', async () => {
  open('file:///absent/catalogue.ts')
  pool.prepare(1)
  await expect(pool.take()).rejects.toMatchObject({ code: 'internal' })
})

test('a process in which a step left much memory goes when another waits, and stays when none does', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-heavy-'))
  const module = path.join(folder, 'heavy.mjs')
  writeFileSync(
    module,
    "process.on('message', ({ t }) => t === 'setup' ? process.send({ t: 'ready' }) : [process.send({ t: 'heavy' }), process.send({ t: 'done', id: 1 })])",
  )
  pool = createWorkerPool({
    spawner: forkSpawner({ heapMegabytes: 512 }),
    launch: () => ({ module, setup: { catalogueUrl: '', project: '.', artifacts: '.', engineVersion: '0' } }),
    stamp: () => stamp,
  })
  const step = (worker: Worker) =>
    new Promise<void>((resolve) => {
      worker.listen({ onMessage: () => resolve(), onEnd: () => resolve() })
      worker.send({ t: 'step', task: {} as never })
    })
  const [first, second] = [await pool.take(), await pool.take()]
  await step(first)
  pool.give(first)
  expect(await pool.take()).toBe(first)
  pool.give(second)
  await step(first)
  pool.give(first)
  await expect.poll(() => pool.size()).toBe(1)
  expect(await pool.take()).toBe(second)
  rmSync(folder, { recursive: true })
})

test('what is expected is loaded by a process that waits', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-expect-'))
  const [module, mark] = ['node.mjs', 'loaded'].map((name) => path.join(folder, name)) as [string, string]
  writeFileSync(module, `import fs from 'node:fs'\nfs.writeFileSync(${JSON.stringify(mark)}, '')\nexport default {}`)
  open(testingCatalogueUrl, { 'test/later': pathToFileURL(module).href })
  const worker = await pool.take()
  pool.give(worker)
  expect(existsSync(mark)).toBe(false)
  pool.expect(['test/unknown', 'test/later'])
  await expect.poll(() => existsSync(mark)).toBe(true)
  rmSync(folder, { recursive: true })
})

test('dismissed, processes that wait end, and those at work go on', async () => {
  open()
  const [working, resting] = [await pool.take(), await pool.take()]
  pool.give(resting)
  pool.dismiss()
  await expect.poll(() => pool.size()).toBe(1)
  pool.give(working)
  expect(await pool.take()).toBe(working)
})
