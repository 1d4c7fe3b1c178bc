import { createHash } from 'node:crypto'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyNode, PipelineDocument, RunSummary } from '#contract'
import { describeNode } from '#graph/describe-node'
import { createEngine, type OpenEngine } from '#run/engine'
import { type NodeExample, readExample } from './node-example.ts'

/**
 * What every node promises inside the real engine, with its processes and its store: its example runs; a run of it that is
 * cancelled leaves no half artifact and nothing in the way of the next run.
 */
export function engineConformance(nodes: readonly AnyNode[], root: string): void {
  const project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-engine-check-'))
  let engine: OpenEngine
  beforeAll(async () => {
    const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
    engine = await createEngine({ project, catalogue: nodes, catalogueUrl })
  })
  afterAll(async () => {
    await engine.close()
    rmSync(project, { recursive: true, force: true })
  })

  describe.each(nodes.map((node) => [node.type, node] as const))('%s in the engine', (_type, node) => {
    test('its example runs, and comes from the cache the second time', async () => {
      const { document, id } = placed(readExample(root, node, nodes), nodes)
      const first = await runTo(engine, document, id)
      expect(first.problems).toEqual([])
      expect(['done', 'gate-failed', 'waiting']).toContain(first.summary.status)
      const second = await runTo(engine, document, id)
      if (!node.effect) expect(second.status).toBe('cached')
    })

    test('a cancelled run leaves no half artifact and nothing in the way', async () => {
      const { document, id } = placed(readExample(root, node, nodes), nodes)
      const cancelled = await runTo(engine, document, id, { useCache: false, cancelAt: id })
      expect(['cancelled', 'done', 'gate-failed', 'waiting']).toContain(cancelled.summary.status)
      if (cancelled.summary.status === 'cancelled') expect(cancelled.status).toBe('cancelled')
      expect(halfArtifacts(project)).toEqual([])
      expect((await runTo(engine, document, id)).problems).toEqual([])
    })
  })
}

/** The example with its files named absolutely, since it runs in a project of its own here. */
function placed(example: NodeExample, nodes: readonly AnyNode[]): NodeExample {
  const files = new Map(nodes.map((node) => [node.type as string, fileParameters(node)]))
  const place = (node: PipelineDocument['nodes'][string]) => {
    const params = Object.entries(node.params).map(([name, value]) => {
      const isFile = files.get(node.type)?.has(name) && typeof value === 'string' && value !== ''
      return [name, isFile ? path.resolve(example.folder, value) : value] as const
    })
    return { ...node, params: Object.fromEntries(params) }
  }
  const placedNodes = Object.entries(example.document.nodes).map(([id, node]) => [id, place(node)] as const)
  return { ...example, document: { ...example.document, nodes: Object.fromEntries(placedNodes) } }
}

function fileParameters(node: AnyNode): ReadonlySet<string> {
  const { properties = {} } = describeNode(node).params as {
    readonly properties?: Readonly<Record<string, { readonly widget?: string }>>
  }
  return new Set(Object.keys(properties).filter((name) => properties[name]!.widget === 'file'))
}

async function runTo(
  engine: OpenEngine,
  document: PipelineDocument,
  id: string,
  options: { readonly useCache?: boolean; readonly cancelAt?: string } = {},
) {
  const unsubscribe = engine.subscribe((event) => {
    if (event.type === 'step' && event.node === options.cancelAt && event.status === 'running')
      void engine.cancel({ run: event.run })
  })
  const { id: run } = await engine.run({ document, targets: [id], useCache: options.useCache ?? true })
  const summary: RunSummary = await engine.idle(run)
  unsubscribe()
  const { steps } = await engine.runDetail({ run })
  return {
    summary,
    status: steps.find((step) => step.node === id)?.status,
    problems: steps.flatMap((step) => step.problems),
  }
}

const checked = new Map<string, boolean>()

/** Files in the store that are not what their name says, or lie where only finished ones belong. */
function halfArtifacts(project: string): string[] {
  const folder = path.join(project, '.plumbline')
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !isWhole(folder, file))
    .map((file) => path.relative(folder, file))
}

function isWhole(folder: string, file: string): boolean {
  const name = path.relative(path.join(folder, 'artifacts'), file).split(path.sep).join('')
  if (name.startsWith('..')) return !/staging|part|tmp|temporary/.test(path.relative(folder, file))
  const whole = checked.get(file) ?? createHash('sha256').update(readFileSync(file)).digest('hex') === name
  checked.set(file, whole)
  return whole
}
