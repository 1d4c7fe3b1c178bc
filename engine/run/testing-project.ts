import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { JsonValue, PipelineDocument, RunEvent, RunSummary } from '#contract'
import { artifactsFolder } from '#store/open-store'
import { createEngine, type EngineOptions, type OpenEngine } from './engine.ts'
import { catalogue } from './testing-nodes.ts'

export const testingCatalogueUrl = new URL('./testing-nodes.ts', import.meta.url).href

/** A project in a temporary folder with a file `lines.txt`, and engines on it. */
export interface TestingProject {
  readonly folder: string
  open(options?: Partial<EngineOptions>): Promise<OpenEngine>
  /** Names of the steps that were executed so far, sorted; only of nodes whose parameter `marks` is `folder`. */
  executed(): readonly string[]
  forgetExecuted(): void
  /** Hashes of all stored content, sorted. */
  stored(): readonly string[]
  /** Files that stand about in temporary folders. */
  leftOver(): readonly string[]
  close(): Promise<void>
}

export function testingProject(text = 'one\ntwo\nthree\n'): TestingProject {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
  const engines: OpenEngine[] = []
  const marks = path.join(folder, 'executed.txt')
  writeFileSync(path.join(folder, 'lines.txt'), text)
  return {
    folder,
    async open(options = {}) {
      const engine = await createEngine({
        project: folder,
        catalogue,
        catalogueUrl: testingCatalogueUrl,
        threads: 2,
        ...options,
      })
      engines.push(engine)
      return engine
    },
    executed: () => (existsSync(marks) ? readFileSync(marks, 'utf8').split('\n').filter(Boolean).sort() : []),
    forgetExecuted: () => rmSync(marks, { force: true }),
    stored: () =>
      allFiles(artifactsFolder(folder))
        .map((file) => file.replaceAll(path.sep, ''))
        .sort(),
    leftOver: () => allFiles(path.join(folder, '.plumbline', 'temporary')),
    async close() {
      for (const engine of engines) await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function allFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

type TestingNode = { readonly type: string; readonly title?: string; readonly params?: Record<string, JsonValue> }

/** A document of these nodes and wires ("a.table b.table"). */
export function testingDocument(
  nodes: Readonly<Record<string, TestingNode>>,
  wires: readonly string[] = [],
  more: Partial<PipelineDocument> = {},
): PipelineDocument {
  return {
    format: 1,
    name: 'Lines',
    description: '',
    seed: 1,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, { type, title, params }]) => [
        id,
        { type: `test/${type}`, version: 1, ...(title ? { title } : {}), params: params ?? {} },
      ]),
    ) as PipelineDocument['nodes'],
    edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
    ...more,
  }
}

/** read → two changes → count → judge → act and report: every kind of step. Marks are left in `folder`. */
export function fullDocument(folder: string, more: { suffix?: string; verdict?: string; pauseMs?: number } = {}) {
  const marks = folder
  return testingDocument(
    {
      read: { type: 'read', params: { folder, marks } },
      left: { type: 'change', params: { suffix: ' left', marks, pauseMs: more.pauseMs ?? 0 } },
      right: { type: 'change', params: { suffix: more.suffix ?? ' right', marks, pauseMs: more.pauseMs ?? 0 } },
      count: { type: 'count', params: { marks } },
      judge: { type: 'judge', params: { verdict: more.verdict ?? 'pass' } },
      act: { type: 'act', params: { marks } },
      report: { type: 'report' },
    },
    [
      'read.table left.table',
      'read.table right.table',
      'left.table count.tables',
      'right.table count.tables',
      'count.evaluation judge.evaluation',
      'judge.release act.release',
      'count.evaluation report.evaluation',
    ],
  )
}

export interface Ran {
  readonly summary: RunSummary
  readonly events: readonly RunEvent[]
  /** How each node ended. */
  readonly statuses: Readonly<Record<string, string>>
}

export async function runToEnd(engine: OpenEngine, a: Parameters<OpenEngine['run']>[0]): Promise<Ran> {
  const events: RunEvent[] = []
  const stop = engine.subscribe((event) => events.push(event))
  const { id } = await engine.run(a)
  const summary = await engine.idle(id)
  stop()
  const { steps } = await engine.runDetail({ run: id })
  return { summary, events, statuses: Object.fromEntries(steps.map((step) => [step.node, step.status])) }
}
