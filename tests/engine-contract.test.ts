/** One contract, three transports: the same assertions hold for the engine in process, over a MessagePort and over a WebSocket. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Channel,
  engineMethods,
  type Message,
  type PipelineDocument,
  ProblemError,
  type RunEvent,
} from '#contract'
import { type Reached, transports } from './transports.ts'

const pipeline = (nodes: PipelineDocument['nodes'], edges: PipelineDocument['edges'] = []): PipelineDocument => ({
  format: 1,
  name: 'Contract',
  description: '',
  seed: 7,
  nodes,
  edges,
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
})
const readCsv = pipeline({ read: { type: 'data/read-file', version: 1, params: { path: 'people.csv' } } })
const csv = `name,age\n${Array.from({ length: 25 }, (_, row) => `person ${row},${20 + row}`).join('\n')}\n`

/** The refusal of a call, which must be a ProblemError whatever lies between. */
async function refusal(call: Promise<unknown>): Promise<ProblemError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ProblemError)
  return thrown as ProblemError
}

/** Sends a message as an attacker could, past the typed client, and gives the answer. */
function ask(channel: Channel, method: string): Promise<Message> {
  return new Promise((resolve) => {
    channel.onMessage((message) => {
      if ('id' in message && message.id === 999_999) resolve(message)
    })
    channel.send({ t: 'call', id: 999_999, method, argument: {} })
  })
}

describe.each(transports)('the engine %s', (_name, open) => {
  const project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-contract-'))
  let reached: Reached
  beforeAll(async () => {
    writeFileSync(path.join(project, 'plumbline.json'), '{"format":1,"name":"Contract"}')
    writeFileSync(path.join(project, 'people.csv'), csv)
    reached = await open(project)
  })
  afterAll(async () => {
    await reached?.close()
    rmSync(project, { recursive: true, force: true })
  })

  test('has every method, and says where it works', async () => {
    expect(Object.keys(reached.engine)).toEqual(expect.arrayContaining([...engineMethods, 'subscribe']))
    const info = await reached.engine.info()
    expect(info).toMatchObject({ projectName: 'Contract', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    expect(path.resolve(info.project)).toBe(path.resolve(project))
    expect(info.threads).toBeGreaterThanOrEqual(1)
  })

  test('describes its nodes as data', async () => {
    const cards = await reached.engine.catalogue()
    const reader = cards.find((card) => card.type === 'data/read-file')
    expect(reader).toMatchObject({ title: expect.any(String), outputs: { table: { type: 'table' } }, effect: false })
    expect(structuredClone(cards)).toEqual(cards)
    expect(JSON.parse(JSON.stringify(cards))).toEqual(cards)
  })

  test('says all that is wrong with a document, each with its node', async () => {
    const wrong = pipeline(
      { a: { type: 'no/such', version: 1, params: {} }, b: { type: 'data/split', version: 1, params: {} } },
      [{ from: 'a.table', to: 'b.nowhere' }],
    )
    const { problems } = await reached.engine.check({ document: wrong })
    expect(problems.map((problem) => problem.code)).toContain('node-unknown')
    expect(problems.filter((problem) => problem.node === 'b').length).toBeGreaterThan(0)
  })

  test('refuses with problems that keep code, words and cure', async () => {
    const error = await refusal(reached.engine.openFile({ path: 'nowhere.plumb.json' }))
    expect(error.code).toBe('file-unreadable')
    expect(error.problems[0]!.message).toContain('nowhere.plumb.json')
    await refusal(reached.engine.runDetail({ run: 'no such run' }))
  })

  test('saves and opens a document, and refuses to overwrite one that changed meanwhile', async () => {
    const { revision } = await reached.engine.saveFile({ path: 'a.plumb.json', document: readCsv })
    const opened = await reached.engine.openFile({ path: 'a.plumb.json' })
    expect(opened).toMatchObject({ path: 'a.plumb.json', revision, migrated: false })
    expect(opened.document).toEqual(readCsv)
    const file = path.join(project, 'a.plumb.json')
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`)
    await refusal(reached.engine.saveFile({ path: 'a.plumb.json', document: readCsv, revision }))
  })

  test('takes bytes as they are', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 255)
    const { path: stored } = await reached.engine.upload({ name: 'ä bytes.bin', bytes })
    expect(Buffer.compare(readFileSync(path.resolve(project, stored)), bytes)).toBe(0)
  })

  test('runs a pipeline, and its events come in order to who listens', async () => {
    const events: RunEvent[] = []
    const ended = Promise.withResolvers<RunEvent>()
    const stop = reached.engine.subscribe((event) => {
      events.push(event)
      if (event.type === 'run' && event.status !== 'running') ended.resolve(event)
    })
    const { id } = await reached.engine.run({ document: readCsv, file: 'a.plumb.json' })
    expect(await ended.promise).toMatchObject({ id, status: 'done' })
    stop()
    const steps = events.filter((event) => event.type === 'step').map((step) => step.status)
    expect(steps.at(-1)).toBe('done')
    expect(steps.indexOf('running')).toBeLessThan(steps.indexOf('done'))
    const detail = await reached.engine.runDetail({ run: id })
    expect(detail).toMatchObject({ id, status: 'done', file: 'a.plumb.json', counts: { done: 1 } })
    expect((await reached.engine.runs({ file: 'a.plumb.json' })).map((run) => run.id)).toContain(id)

    const table = detail.steps[0]!.outputs.table!
    expect(table).toMatchObject({ kind: 'table', rows: 25, columns: 2 })
    const value = (await reached.engine.value({ hash: table.hash })) as { data: typeof table.hash }
    expect(value).toMatchObject({ kind: 'table', rows: 25 })
    const page = await reached.engine.rows({ table: table.hash, offset: 3, limit: 2 })
    expect(page).toMatchObject({
      total: 25,
      offset: 3,
      rows: [
        ['person 3', 23],
        ['person 4', 24],
      ],
    })

    const saving = { table: table.hash, columns: [0, 1] as const, rows: [1, 2] as const, format: 'csv' as const }
    const { columns } = page
    const oldest = { column: columns[1]!.name, descending: true }
    const saved = await reached.engine.saveRows({ ...saving, sort: oldest })
    expect(saved.path).toBe('data/selection.csv')
    const lines = readFileSync(path.join(project, saved.path), 'utf8').trim().split('\n')
    expect(lines).toEqual([columns.map(({ name }) => name).join(','), 'person 23,43', 'person 22,42'])
    expect((await reached.engine.saveRows(saving)).path).toBe('data/selection-2.csv')

    const before = events.length
    await reached.engine.run({ document: readCsv, file: 'a.plumb.json' })
    await reached.engine.info()
    expect(events).toHaveLength(before)
  })

  test('lets no other method through', async () => {
    if (!reached.channel) return
    for (const method of ['close', 'idle', 'subscribe', 'constructor', '__proto__', 'toString']) {
      const answer = await ask(reached.channel, method)
      expect(answer).toMatchObject({ t: 'refusal', problems: [{ code: 'not-found' }] })
    }
  })

  test('refuses calls once the connection is closed', async () => {
    if (!reached.channel) return
    await reached.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const error = await refusal(reached.engine.info())
    expect(error.message).toContain('closed')
  })
})
