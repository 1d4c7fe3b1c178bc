import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Engine, RunEvent } from '#contract'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'
import { earlyAnswers, startingEngine } from './early-engine.ts'
import { createEngineHost } from './engine-host.ts'
import { openWholeEngine } from './whole-engine.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
let project = ''
beforeEach(() => {
  project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-early-'))
  for (const name of readdirSync(examples))
    if (name.endsWith('.plumb.json')) cpSync(path.join(examples, name), path.join(project, name))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

const pipelines = () => readdirSync(project).filter((name) => name.endsWith('.plumb.json'))

describe('before the engine is up', () => {
  test('files, nodes and the project are told as the whole engine tells them', async () => {
    const early = earlyAnswers(project, catalogue)
    const whole = await createEngine({ project, catalogue, catalogueUrl })
    expect(await early.info!()).toEqual(await whole.info())
    expect(await early.catalogue!()).toEqual(await whole.catalogue())
    expect(pipelines().length).toBeGreaterThan(0)
    for (const name of pipelines()) {
      expect(await early.openFile!({ path: name })).toEqual(await whole.openFile({ path: name }))
      expect(await early.fileRevision!({ path: name })).toBe(await whole.fileRevision({ path: name }))
    }
    await whole.close()
  })

  test('edits are journalled, and the engine finds them when it is up', async () => {
    const [path = ''] = pipelines()
    const { promise: starting, resolve } = Promise.withResolvers<Engine>()
    const engine = startingEngine(earlyAnswers(project, catalogue), starting)
    const { document } = await engine.openFile({ path })
    const edited = { ...document, description: 'written before the engine was up' }
    await engine.journal({ path, document: edited, base: document })
    const whole = await createEngine({ project, catalogue, catalogueUrl })
    resolve(whole)
    expect((await whole.recover({ path }))?.document).toEqual(edited)
    expect((await engine.recover({ path }))?.document).toEqual(edited)
    await whole.close()
  })

  test('what only the engine knows waits for it, and its events are heard from then on', async () => {
    const [path = ''] = pipelines()
    const { promise: starting, resolve } = Promise.withResolvers<Engine>()
    const engine = startingEngine(earlyAnswers(project, catalogue), starting)
    const heard: RunEvent[] = []
    engine.subscribe((event) => heard.push(event))
    const { document } = await engine.openFile({ path })
    const order: string[] = []
    const check = engine.check({ document, file: path }).then((found) => {
      order.push('checked')
      return found
    })
    await engine.openFile({ path })
    order.push('opened again')
    const whole = await createEngine({ project, catalogue, catalogueUrl })
    resolve(whole)
    expect(Object.keys((await check).nodes).sort()).toEqual(Object.keys(document.nodes).sort())
    expect(order).toEqual(['opened again', 'checked'])
    const { id } = await engine.run({ document, file: path, targets: [] })
    await whole.idle(id)
    expect(heard).toContainEqual(expect.objectContaining({ type: 'run', id }))
    await whole.close()
  })

  test('a project with nodes of its own waits for what they are', () => {
    mkdirSync(path.join(project, 'custom-nodes'))
    const early = earlyAnswers(project, catalogue)
    expect(early.catalogue).toBeUndefined()
    expect(early.openFile).toBeUndefined()
    expect(early.saveFile).toBeDefined()
  })
})

test('an engine that can not start says why, and keeps edits all the same', async () => {
  const [name = ''] = pipelines()
  const early = earlyAnswers(project, catalogue)
  const { document } = await early.openFile!({ path: name })
  writeFileSync(path.join(project, '.plumbline'), 'a file where the folder should be')
  const { engine, started } = await openWholeEngine(project, early, undefined)
  expect(started).toBe(false)
  await expect(engine.check({ document, file: name })).rejects.toThrow(/in the way/)
  const { revision } = await engine.openFile({ path: name })
  const saved = await engine.saveFile({ path: name, document: { ...document, description: 'kept' }, revision })
  expect(saved.revision).not.toBe(revision)
})

test('after it could not start the next window gets another try', async () => {
  writeFileSync(path.join(project, 'plumbline.json'), 'no JSON')
  const host = createEngineHost({ project })
  const engine = await host.engine()
  await expect(engine.check({ document: (await engine.openFile({ path: pipelines()[0]! })).document })).rejects.toThrow(
    /plumbline\.json/,
  )
  await vi.waitFor(() => expect(host.pid()).toBeUndefined(), 10_000)
  writeFileSync(path.join(project, 'plumbline.json'), '{"format":1,"name":"Mended"}')
  expect((await (await host.engine()).info()).projectName).toBe('Mended')
  await host.close()
})
