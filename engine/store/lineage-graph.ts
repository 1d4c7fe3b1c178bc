import { type LineageGraph, ProblemError } from '#contract'
import { formatBytes, formatCount } from '#report/format-number'
import type { Database, Row } from './database.ts'
import { findRun } from './read-runs.ts'

/**
 * What stands behind an artifact and what was made of it, or everything of a run. An artifact is followed within the
 * newest run that has it.
 */
export function lineageOf(db: Database, of: string): LineageGraph {
  const artifact = findArtifact(db, of)
  if (!artifact) return runGraph(db, findLineageRun(db, of))
  const run = db.get(
    `SELECT runs.number, runs.id FROM step_outputs JOIN steps ON steps.id = step_outputs.step JOIN runs ON runs.number = steps.run
     WHERE artifact = ? ORDER BY runs.number DESC LIMIT 1`,
    artifact,
  )
  if (!run) throw notFound(of)
  return connected(runGraph(db, run), `artifact:${artifact}`)
}

/** The full hash for one, or for a beginning of eight or more digits that fits only one. */
function findArtifact(db: Database, text: string): string | undefined {
  if (!/^[0-9a-f]{8,64}$/.test(text)) return undefined
  const found = db.all('SELECT hash FROM artifacts WHERE hash GLOB ? LIMIT 2', `${text}*`)
  if (found.length > 1)
    throw new ProblemError({
      code: 'not-found',
      message: `Several artifacts begin with "${text}".`,
      fix: 'Give more digits of the hash.',
    })
  return found[0]?.hash as string | undefined
}

function findLineageRun(db: Database, text: string): Row {
  try {
    return findRun(db, text)
  } catch {
    throw notFound(text)
  }
}

function notFound(text: string): ProblemError {
  return new ProblemError({
    code: 'not-found',
    message: `This project has no run and no artifact "${text}".`,
    fix: 'Choose a run that "plumbline runs" lists, or an artifact that "plumbline runs show" names.',
  })
}

type Vertex = LineageGraph['vertices'][number]
type Arrow = LineageGraph['arrows'][number]

function runGraph(db: Database, run: Row): LineageGraph {
  const vertices = new Map<string, Vertex>()
  const arrows: Arrow[] = []
  const add = (vertex: Vertex) => {
    if (!vertices.has(vertex.id)) vertices.set(vertex.id, vertex)
    return vertex.id
  }
  const step = (row: Row) =>
    add({
      id: `step:${run.id}/${row.node}`,
      kind: 'step',
      label: (row.title ?? row.node) as string,
      detail: `${row.type} · ${row.status}`,
    })
  const artifact = (row: Row) =>
    add({ id: `artifact:${row.hash}`, kind: 'artifact', label: row.kind as string, detail: artifactDetail(row) })

  for (const row of db.all('SELECT node, title, type, status FROM steps WHERE run = ? ORDER BY position', run.number!))
    step(row)
  for (const row of partsOf(db, run, 'sources', 'part.path, part.hash, part.bytes'))
    arrows.push({
      from: add({
        id: `source:${row.path}@${row.hash}`,
        kind: 'source',
        label: row.path as string,
        detail: `${formatBytes(row.bytes as number)} · ${(row.hash as string).slice(0, 12)}`,
      }),
      to: step(row),
      port: '',
    })
  for (const row of partsOf(db, run, 'step_inputs', artifactColumns, joinArtifact))
    arrows.push({ from: artifact(row), to: step(row), port: row.port as string })
  for (const row of partsOf(db, run, 'step_outputs', artifactColumns, joinArtifact))
    arrows.push({ from: step(row), to: artifact(row), port: row.port as string })
  return { vertices: [...vertices.values()], arrows }
}

const artifactColumns = 'part.port, artifacts.hash, artifacts.kind, artifacts.bytes, artifacts.rows, artifacts.columns'
const joinArtifact = 'JOIN artifacts ON artifacts.hash = part.artifact'

function partsOf(db: Database, run: Row, table: string, columns: string, join = ''): readonly Row[] {
  return db.all(
    `SELECT steps.node, steps.title, steps.type, steps.status, ${columns} FROM ${table} AS part
     JOIN steps ON steps.id = part.step ${join} WHERE steps.run = ? ORDER BY steps.position, 5, 6`,
    run.number!,
  )
}

function artifactDetail(row: Row): string {
  const size =
    row.rows === null
      ? formatBytes(row.bytes as number)
      : `${formatCount(row.rows as number, 'row')}, ${formatCount(row.columns as number, 'column')}`
  return `${size} · ${(row.hash as string).slice(0, 12)}`
}

/** The part of a graph that leads to a vertex or comes of it. */
function connected(graph: LineageGraph, id: string): LineageGraph {
  const kept = new Set([...walk(graph.arrows, id, 'to', 'from'), ...walk(graph.arrows, id, 'from', 'to')])
  return {
    vertices: graph.vertices.filter((vertex) => kept.has(vertex.id)),
    arrows: graph.arrows.filter((arrow) => kept.has(arrow.from) && kept.has(arrow.to)),
  }
}

function walk(arrows: readonly Arrow[], start: string, near: 'from' | 'to', far: 'from' | 'to'): ReadonlySet<string> {
  const next = new Map<string, string[]>()
  for (const arrow of arrows) next.set(arrow[near], [...(next.get(arrow[near]) ?? []), arrow[far]])
  const found = new Set<string>()
  const open = [start]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue
    found.add(at)
    open.push(...(next.get(at) ?? []))
  }
  return found
}
