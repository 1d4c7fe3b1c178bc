import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { createEngine, type OpenEngine } from './engine.ts'
import { catalogue } from './testing-nodes.ts'
import { runToEnd, testingCatalogueUrl, testingDocument } from './testing-project.ts'

/** Where steps leave a mark when they are executed; apart from the project, which moves. */
let outside = ''
let project = ''
let engine: OpenEngine
beforeEach(async () => {
  outside = mkdtempSync(path.join(tmpdir(), 'plumbline-marks-'))
  project = path.join(outside, 'project-0')
  mkdirSync(project)
  writeFileSync(path.join(project, 'lines.txt'), 'one\ntwo\n')
  await open()
})
afterEach(async () => {
  await engine.close()
  rmSync(outside, { recursive: true, force: true })
})

const name = 'lines.plumb.json'
const open = async () => {
  engine = await createEngine({ project, catalogue, catalogueUrl: testingCatalogueUrl, threads: 2 })
}
const executed = () => readFileSync(path.join(outside, 'executed.txt'), 'utf8').split('\n').filter(Boolean)

const document = () =>
  testingDocument(
    {
      read: { type: 'read', params: { folder: project, marks: outside } },
      left: { type: 'change', params: { suffix: ' left', marks: outside } },
      right: { type: 'change', params: { suffix: ' right', marks: outside } },
      count: { type: 'count', params: { marks: outside } },
    },
    ['read.table left.table', 'read.table right.table', 'left.table count.tables', 'right.table count.tables'],
  )

type Edit = (document: PipelineDocument, at: number) => PipelineDocument
const edits: Readonly<Record<string, Edit>> = {
  move: (old, at) => ({ ...old, layout: { ...old.layout, left: [at, -at] } }),
  rename: (old, at) => ({
    ...old,
    name: `Name ${at}`,
    nodes: { ...old.nodes, left: { ...old.nodes.left!, title: `${at}` } },
  }),
  comment: (old, at) => ({ ...old, description: `Why ${at}`, notes: [{ text: `${at}`, x: at, y: 0 }] }),
  frame: (old, at) => ({ ...old, frames: [{ title: `${at}`, x: at, y: 0, width: 9, height: 9 }] }),
  reopen: (old) => old,
}
const disturbances: Readonly<Record<string, () => Promise<void>>> = {
  async restart() {
    await engine.close()
    await open()
  },
  async 'move the project folder'() {
    await engine.close()
    const moved = path.join(outside, `project-${Math.random().toString(36).slice(2)}`)
    renameSync(project, moved)
    project = moved
    await open()
  },
}

test('whatever harmless is done to a pipeline, running it again executes nothing', { timeout: 120_000 }, async () => {
  await engine.saveFile({ path: name, document: document() })
  await runToEnd(engine, { document: document(), file: name })
  const once = executed()
  expect(once).toHaveLength(4)
  const act = fc.tuple(
    fc.constantFrom(...Object.keys(edits), ...Object.keys(disturbances)),
    fc.integer({ min: 1, max: 500 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
      for (const [what, at] of acts) {
        await disturbances[what]?.()
        const opened = await engine.openFile({ path: name })
        const edited = edits[what]?.(opened.document, at) ?? opened.document
        await engine.saveFile({ path: name, document: edited, revision: opened.revision })
      }
      const { document: last } = await engine.openFile({ path: name })
      const { statuses } = await runToEnd(engine, { document: last, file: name })
      expect(new Set(Object.values(statuses))).toEqual(new Set(['cached']))
      expect(executed()).toEqual(once)
    }),
    { numRuns: 12 },
  )
})
