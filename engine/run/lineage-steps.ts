import { type Hash, type PipelineDocument, ProblemError, type StepPort, type Table } from '#contract'
import { portAddress, sortedEdges } from '#graph/adjacency'
import type { Store } from '#store/open-store'
import { findRun } from '#store/read-runs'
import { getValue } from '#store/values'

/** A step in the lineage with one of the tables it gave, and the tables it was given. */
export interface TableStep {
  readonly at: StepPort
  readonly title: string
  readonly type: string
  readonly hash: Hash
  readonly table: Table
  /** `title` is that of the step that gave it. */
  readonly inputs: readonly {
    readonly at: StepPort
    readonly title: string
    readonly hash: Hash
    readonly table: Table
  }[]
  /** Files it read. */
  readonly files: readonly string[]
}

const notThere = (what: string) =>
  new ProblemError({
    code: 'not-found',
    message: `The lineage knows no ${what}.`,
    fix: 'Run the pipeline to this step first.',
  })

/** The step that a port names, else the newest that gave this table. */
export async function findTableStep(store: Store, a: { table?: Hash } & Partial<StepPort>): Promise<TableStep> {
  const row =
    a.run === undefined || a.node === undefined
      ? store.db.get(
          `SELECT steps.id, steps.run, steps.node, steps.type, steps.title, port FROM step_outputs
           JOIN steps ON steps.id = step_outputs.step WHERE artifact = ? ORDER BY steps.run DESC, position DESC LIMIT 1`,
          a.table ?? '',
        )
      : store.db.get(
          `SELECT id, run, node, type, title FROM steps WHERE run = ? AND node = ?`,
          findRun(store.db, a.run).number!,
          a.node,
        )
  if (!row) throw notThere(a.node === undefined ? 'step that gave this table' : `step "${a.node}" of this run`)
  const port = (a.port ?? row.port) as string
  const output = store.db.get('SELECT artifact FROM step_outputs WHERE step = ? AND port = ?', row.id!, port)
  if (!output) throw notThere(`output "${port}" of "${row.node}"`)
  const run = store.db.get('SELECT id, version FROM runs WHERE number = ?', row.run!)!
  const node = row.node as string
  const hash = output.artifact as Hash
  return {
    at: { run: run.id as string, node, port },
    title: (row.title as string | null) ?? node,
    type: row.type as string,
    hash,
    table: await readTable(store, hash),
    inputs: await tableInputs(store, row.id as number, node, { id: run.id as string, version: run.version as string }),
    files: store.db
      .all('SELECT path FROM sources WHERE step = ? ORDER BY path', row.id!)
      .map((source) => source.path as string),
  }
}

export async function readTable(store: Store, hash: Hash): Promise<Table> {
  const value = (await getValue(store.files, hash)) as unknown as Table
  if (value.kind === 'table') return value
  throw notThere(`table ${hash.slice(0, 12)}`)
}

/** Tables at a step's inputs, each with the step of the same run that gave it. */
async function tableInputs(store: Store, step: number, node: string, run: { id: string; version: string }) {
  const inputs = store.db.all(
    `SELECT port, position, artifact FROM step_inputs JOIN artifacts ON artifacts.hash = artifact
     WHERE step = ? AND artifacts.kind = 'table' ORDER BY port, position`,
    step,
  )
  const stored = store.db.get('SELECT document FROM pipeline_versions WHERE hash = ?', run.version)!
  const { edges } = JSON.parse(stored.document as string) as PipelineDocument
  return Promise.all(
    inputs.map(async (input) => {
      const hash = input.artifact as Hash
      const wires = sortedEdges(edges).filter(({ to }) => to === `${node}.${input.port}`)
      const source = portAddress(wires[input.position as number]?.from ?? wires[0]?.from ?? '')
      const title = store.db.get(
        'SELECT title FROM steps JOIN runs ON runs.number = steps.run WHERE runs.id = ? AND node = ?',
        run.id,
        source.node,
      )?.title as string | undefined
      return { at: { run: run.id, ...source }, title: title ?? source.node, hash, table: await readTable(store, hash) }
    }),
  )
}
