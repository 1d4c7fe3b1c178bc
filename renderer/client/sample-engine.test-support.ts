import {
  type Column,
  type CustomNodes,
  type DocumentCheck,
  type Engine,
  type FileHistory,
  type Hash,
  type NodeCheck,
  type PipelineDocument,
  ProblemError,
  type QueueView,
  type RunEvent,
  type StepSummary,
} from '#contract'
import { checkWires } from '#graph/check-wires'
import { planDocument } from '#graph/plan'
import { sampleCards } from './sample-cards.test-support.ts'

const columns: readonly Column[] = [
  { name: 'income', type: 'number', nullable: false },
  { name: 'debt_ratio', type: 'number', nullable: true },
  { name: 'employment', type: 'text', nullable: false },
  { name: 'age_group', type: 'text', nullable: false, role: 'protected' },
  { name: 'approved', type: 'text', nullable: false, role: 'target' },
]
const cards = new Map(sampleCards.map((card) => [card.type, card]))

interface Stored {
  document: PipelineDocument
  revision: number
}

export interface SampleEngine extends Engine {
  readonly files_: Map<string, Stored>
  readonly journals: Map<string, PipelineDocument>
  readonly histories: Map<string, FileHistory>
  /** Every step takes this long. */
  stepMs: number
}

const noCustomNodes: CustomNodes = {
  folder: 'custom-nodes',
  trusted: false,
  following: false,
  types: 'checked',
  network: 'locked',
  nodes: [],
}

const emptyQueue: QueueView = {
  me: 'Ada',
  cases: [],
  counts: { queued: 0, taken: 0, pending: 0, decided: 0, inForce: 0, overdue: 0 },
  figures: { agreement: { value: null }, overridden: { value: null }, revised: { value: null }, groups: [] },
  models: [],
}

/** An engine in memory, for the app's own tests and its sample page: files, checks of wires, runs that only pretend. */
export function createSampleEngine(files: Readonly<Record<string, PipelineDocument>> = {}): SampleEngine {
  const stored = new Map(Object.entries(files).map(([path, document]) => [path, { document, revision: 1 }]))
  const journals = new Map<string, PipelineDocument>()
  const histories = new Map<string, FileHistory>()
  const historyOf = (path: string) => histories.get(path) ?? { edits: null, states: [] }
  const listeners = new Set<(event: RunEvent) => void>()
  const last = new Map<string, StepSummary>()
  const cancelled = new Set<string>()
  let runs = 0
  const emit = (event: RunEvent) => {
    for (const listener of listeners) listener(event)
  }

  async function perform(run: string, document: PipelineDocument, targets?: readonly string[]) {
    const { order } = planDocument(document, sampleCards, targets)
    emit({ type: 'run', id: run, status: 'running', pipeline: document.name })
    for (const node of order) emit({ ...step(run, document, node, 'queued'), type: 'step' })
    let failed = false
    for (const node of order) {
      const status = cancelled.has(run) ? 'cancelled' : failed ? 'skipped' : undefined
      if (status) {
        emit({ ...step(run, document, node, status), type: 'step' })
        continue
      }
      emit({ ...step(run, document, node, 'running'), type: 'step' })
      for (const fraction of [0.25, 0.62, 1]) {
        await new Promise((resolve) => setTimeout(resolve, engine.stepMs / 3))
        emit({ type: 'progress', run, node, fraction })
      }
      const fails = document.nodes[node]?.params.fail === true
      failed ||= fails
      const done = step(run, document, node, fails ? 'failed' : last.has(node) ? 'cached' : 'done')
      last.set(node, done)
      emit({ type: 'log', run, node, level: 'info', message: `${done.status} after ${engine.stepMs} ms` })
      emit({ ...done, type: 'step' })
    }
    emit({
      type: 'run',
      id: run,
      status: cancelled.has(run) ? 'cancelled' : failed ? 'failed' : 'done',
      pipeline: document.name,
    })
  }

  function check(document: PipelineDocument): DocumentCheck {
    const problems = checkWires(document, cards)
    const nodes = Object.entries(document.nodes).map(([id, node]): [string, NodeCheck] => {
      const own = problems.filter((problem) => problem.node === id)
      const card = cards.get(node.type)
      const schema = (type: string) => (type === 'table' ? { columns, rows: 48_842 } : {})
      const inputs = Object.entries(card?.inputs ?? {}).map(([name, port]) => [name, schema(port.type)])
      const outputs = Object.entries(card?.outputs ?? {}).map(([name, port]) => [name, schema(port.type)])
      const newest = last.get(id)
      const state =
        own.length > 0
          ? 'not-configured'
          : newest?.status === 'done' || newest?.status === 'cached'
            ? 'cached'
            : 'ready'
      return [
        id,
        {
          state,
          problems: own,
          inputs: Object.fromEntries(inputs),
          outputs: Object.fromEntries(outputs),
          ...(newest ? { last: newest } : {}),
        },
      ]
    })
    return { problems, nodes: Object.fromEntries(nodes), lint: [] }
  }

  const missing = (what: string) =>
    new ProblemError({ code: 'not-found', message: `There is no ${what}.`, fix: 'Choose another.' })
  const engine: SampleEngine = {
    files_: stored,
    journals,
    histories,
    stepMs: 300,
    info: async () => ({
      version: '0.1.0',
      project: 'sample',
      projectName: 'Sample project',
      platform: 'here',
      threads: 4,
      bytes: 8e9,
      gpu: 'none',
    }),
    catalogue: async () => sampleCards,
    customNodes: async () => noCustomNodes,
    trustCustomNodes: async () => noCustomNodes,
    distrustCustomNodes: async () => noCustomNodes,
    check: async ({ document }) => check(document),
    run: async ({ document, targets }) => {
      const problems = checkWires(document, cards)
      if (problems.length > 0) throw new ProblemError(problems)
      const id = `run-${++runs}`
      void perform(id, document, targets)
      return { id }
    },
    cancel: async ({ run }) => {
      cancelled.add(run)
    },
    finish: async () => {},
    startSweep: async () => ({ id: 'sweep-1' }),
    cancelSweep: async () => {},
    resumeSweep: async () => {},
    sweeps: async () => [],
    sweep: async () => {
      throw missing('such sweep')
    },
    runs: async () => [],
    runDetail: async () => {
      throw missing('such run')
    },
    compareRuns: async () => {
      throw missing('such run')
    },
    verify: async () => ({ ok: true, artifacts: 0, findings: [] }),
    lineage: async () => ({ vertices: [], arrows: [] }),
    report: async ({ node }) => [
      { block: 'heading', text: node },
      { block: 'metric', label: 'ROC AUC', estimate: { value: 0.857, low: 0.84, high: 0.87, n: 2000 } },
    ],
    reportHtml: async () => {
      throw missing('report')
    },
    models: async () => [],
    promoteModel: async () => {},
    rollbackModel: async () => ({ from: 2, to: 1 }),
    startRollout: async () => {},
    steerRollout: async () => {},
    queue: async () => emptyQueue,
    takeCase: async () => null,
    releaseCase: async () => {},
    decideCase: async () => {
      throw missing('such case')
    },
    exportCases: async () => ({ path: 'data/labels.csv', rows: 0 }),
    importReview: async () => {
      throw missing('review')
    },
    rows: async ({ offset, limit }) => ({
      columns,
      total: 48_842,
      offset,
      rows: Array.from({ length: Math.min(limit, 48_842 - offset) }, (_, at) => [
        30_000 + offset + at,
        0.31,
        'salaried',
        '25–34',
        'yes',
      ]),
    }),
    saveRows: async ({ format }) => ({ path: `data/selection.${format}` }),
    summarize: async () => [],
    countSelected: async ({ bars }) => ({
      selected: 0,
      rows: 0,
      bars: bars.map(({ column }) => ({ column, counts: [], missing: 0 })),
    }),
    chosenPlaces: async () => [],
    value: async () => null,
    wireFacts: async () => ({ table: 'a'.repeat(64) as Hash, rows: 4, columns: [] }),
    traceRow: async () => ({ steps: [] }),
    openFile: async ({ path }) => {
      const file = stored.get(path)
      if (!file) throw missing(`file ${path}`)
      return { path, document: file.document, revision: String(file.revision), problems: [], migrated: false }
    },
    saveFile: async ({ path, document, revision }) => {
      const old = stored.get(path)
      if (revision !== undefined && old && String(old.revision) !== revision)
        throw new ProblemError({ code: 'file-format', message: `${path} has changed on disk.`, fix: 'Load it again.' })
      const next = { document, revision: (old?.revision ?? 0) + 1 }
      stored.set(path, next)
      return { revision: String(next.revision) }
    },
    journal: async ({ path, document }) => {
      if (document) journals.set(path, document)
      else journals.delete(path)
    },
    history: async ({ path }) => historyOf(path),
    keepEdits: async ({ path, edits }) => {
      histories.set(path, { ...historyOf(path), edits: JSON.parse(JSON.stringify(edits)) })
    },
    nameState: async ({ path, name, document }) => {
      const { edits, states } = historyOf(path)
      const named = { id: `state-${states.length + 1}`, name, at: '2026-11-24T13:48:00.000Z', document }
      histories.set(path, { edits, states: [named, ...states] })
      return named
    },
    forgetState: async ({ path, id }) => {
      const { edits, states } = historyOf(path)
      histories.set(path, { edits, states: states.filter((state) => state.id !== id) })
    },
    fileRevision: async ({ path }) => stored.get(path)?.revision.toString() ?? null,
    recover: async ({ path }) => {
      const document = journals.get(path)
      return document ? { document, at: '2026-11-24T13:48:00.000Z' } : null
    },
    pipelines: async () =>
      [...stored].map(([path, { document }]) => ({
        path,
        name: document.name,
        description: document.description,
        document,
      })),
    files: async ({ folder }) => ({
      folder,
      parent: null,
      entries: [{ name: 'loans.csv', path: 'loans.csv', folder: false, bytes: 812_000 }],
    }),
    upload: async ({ name }) => ({ path: `data/${name}` }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return engine
}

function step(run: string, document: PipelineDocument, node: string, status: StepSummary['status']): StepSummary {
  const { type } = document.nodes[node]!
  const over = status === 'done' || status === 'cached'
  const outputs = Object.entries(cards.get(type)?.outputs ?? {}).map(([name, port]) => [
    name,
    {
      hash: `${node}-${name}` as Hash,
      kind: port.type,
      bytes: 1000,
      ...(port.type === 'table' ? { rows: 48_842, columns: 5 } : {}),
    },
  ])
  return {
    run,
    node,
    nodeType: type,
    status,
    problems:
      status === 'failed'
        ? [
            {
              code: 'data-bad',
              message: '14 values of debt_ratio are not numbers',
              node,
              fix: 'Read a decimal comma in this file',
            },
          ]
        : [],
    outputs: over ? Object.fromEntries(outputs) : {},
    ...(over ? { ms: 230, card: sampleFact(type) } : {}),
  }
}

function sampleFact(type: string): NonNullable<StepSummary['card']> {
  if (type === 'data/profile')
    return {
      text: '**5** columns · **2** with gaps',
      picture: { type: 'bars', values: [8, 14, 26, 38, 33, 22, 12, 7, 4] },
    }
  if (type === 'explain/shap') return { text: '**income** leads', picture: { type: 'rows', values: [150, 104, 58] } }
  if (type === 'train/linear')
    return {
      text: 'AUC **0.857**',
      picture: {
        type: 'line',
        series: [
          [9, 5, 3, 2, 1.6, 1.4, 1.3],
          [9, 6, 4, 3.2, 3, 2.9, 2.9],
        ],
      },
    }
  if (type === 'fairness/audit') return { text: '**0.71** disparate impact, needs 0.80', tone: 'bad' }
  return { text: '**48 842** rows × 5' }
}
