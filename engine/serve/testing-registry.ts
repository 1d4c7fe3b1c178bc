import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AnyNode, JsonValue, PipelineDocument, RunDetail } from '#contract'
import { createEngine, type OpenEngine } from '#run/engine'

/** A project in a temporary folder whose registry holds a model "loans", a version a run. */
export interface TestingRegistry {
  readonly project: string
  readonly engine: OpenEngine
  /** Trains with another penalty and deploys. */
  deploy(penalty: number, params?: Readonly<Record<string, JsonValue>>): Promise<RunDetail>
  close(): Promise<void>
}

export async function testingRegistry(catalogue: readonly AnyNode[]): Promise<TestingRegistry> {
  const project = mkdtempSync(path.join(tmpdir(), 'plumbline-serve-'))
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  const engine = await createEngine({ project, catalogue, catalogueUrl, threads: 1 })
  return {
    project,
    engine,
    async deploy(penalty, params = {}) {
      const { id } = await engine.run({ document: deployment(penalty, params) })
      await engine.idle(id)
      return engine.runDetail({ run: id })
    },
    async close() {
      await engine.close()
      rmSync(project, { recursive: true, force: true })
    },
  }
}

/** Learns loan approvals with this penalty, registers the model as "loans" and deploys it. */
export function deployment(penalty: number, params: Readonly<Record<string, JsonValue>> = {}): PipelineDocument {
  const node = (type: string, given = {}) => ({ type, version: 1, params: given })
  const wires = [
    'loans.table split.table',
    'split.table linear.table',
    'linear.model register.model',
    'register.model deploy.model',
    'loans.table contract.table',
    'contract.schema register.schema',
  ]
  return {
    format: 1,
    name: 'Deployment',
    description: '',
    seed: 1,
    nodes: {
      loans: node('data/example', { rows: 400 }),
      contract: node('data/infer-schema'),
      split: node('data/split'),
      linear: node('train/linear', { folds: 0, penalty }),
      register: node('release/register', { name: 'loans' }),
      deploy: node('release/deploy', params),
    } as PipelineDocument['nodes'],
    edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}
