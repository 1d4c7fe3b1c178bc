import type { JsonValue, RunComparison } from '#contract'
import type { Database, Row } from './database.ts'
import { findRun, runSummary } from './read-runs.ts'

/** What differs between two runs; what is the same in both is left out, metrics are given wherever either has them. */
export function compareRuns(db: Database, first: string, second: string): RunComparison {
  const [a, b] = [findRun(db, first), findRun(db, second)]
  const sides = (table: string, key: string, value: string) =>
    pair(partRows(db, a, table, key, value), partRows(db, b, table, key, value))
  const differing = <T extends Pair>(pairs: readonly T[]) => pairs.filter((one) => one.a !== one.b)
  return {
    a: runSummary(db, a),
    b: runSummary(db, b),
    parameters: [
      ...seedChange(db, a, b),
      ...differing(sides('parameters', 'path', 'value')).map(({ node, key, a, b }) => ({
        node,
        path: key,
        a: parsed(a),
        b: parsed(b),
      })),
    ],
    inputs: changedSources(differing(sides('sources', 'path', 'hash'))),
    metrics: sides('metrics', 'name', 'value').map(({ node, key, label, a, b }) => ({
      node,
      name: key,
      label,
      a: a as number | null,
      b: b as number | null,
    })),
    artifacts: differing(sides('step_outputs', 'port', 'artifact')).map(({ node, key, a, b }) => ({
      node,
      port: key,
      a: a as string | null,
      b: b as string | null,
    })),
  }
}

interface Pair {
  readonly node: string
  readonly key: string
  readonly label: string
  readonly a: string | number | null
  readonly b: string | number | null
}

function partRows(db: Database, run: Row, table: string, key: string, value: string): readonly Row[] {
  const [label, order] = table === 'metrics' ? ['label', 'part.position'] : ["''", `part.${key}`]
  return db.all(
    `SELECT steps.node, part.${key} AS key, part.${value} AS value, ${label} AS label FROM ${table} AS part
     JOIN steps ON steps.id = part.step WHERE steps.run = ? ORDER BY steps.position, ${order}`,
    run.number!,
  )
}

/** Both sides of each entry, in the order of the first run; what only the second has follows. */
function pair(first: readonly Row[], second: readonly Row[]): readonly Pair[] {
  const address = (row: Row) => `${row.node}\u0000${row.key}`
  const others = new Map(second.map((row) => [address(row), row]))
  const mine = new Set(first.map(address))
  const make = (row: Row, a: Row | undefined, b: Row | undefined): Pair => ({
    node: row.node as string,
    key: row.key as string,
    label: row.label as string,
    a: a?.value ?? null,
    b: b?.value ?? null,
  })
  return [
    ...first.map((row) => make(row, row, others.get(address(row)))),
    ...second.filter((row) => !mine.has(address(row))).map((row) => make(row, undefined, row)),
  ]
}

function parsed(text: string | number | null): JsonValue {
  return text === null ? null : (JSON.parse(String(text)) as JsonValue)
}

function changedSources(pairs: readonly Pair[]): RunComparison['inputs'] {
  const byPath = new Map(
    pairs.map(({ key, a, b }) => [key, { path: key, a: a as string | null, b: b as string | null }]),
  )
  return [...byPath.values()]
}

/** The pipeline's seed is not of a node; it stands under an empty one. */
function seedChange(db: Database, a: Row, b: Row): RunComparison['parameters'] {
  const seed = (run: Row) => db.get('SELECT seed FROM runs WHERE number = ?', run.number!)!.seed as number
  return seed(a) === seed(b) ? [] : [{ node: '', path: 'seed', a: seed(a), b: seed(b) }]
}
