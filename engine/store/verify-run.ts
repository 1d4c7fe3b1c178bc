import type { Hash, Verification } from '#contract'
import { auditEntries, brokenAuditEntries } from './audit-chain.ts'
import type { ContentFiles } from './content-files.ts'
import type { Database, Row } from './database.ts'
import { hashBytes } from './hashing.ts'
import { findRun } from './read-runs.ts'
import { stepHashes } from './run-record.ts'
import { referencesOf } from './step-cache.ts'

type Finding = Verification['findings'][number]

/** Recomputes every hash a run stands on: artifacts, the files they name, reports, its record and the whole audit chain. */
export async function verifyRun(db: Database, files: ContentFiles, id: string): Promise<Verification> {
  const run = findRun(db, id)
  const contents = contentOf(db, run)
  const findings: Finding[] = [...chainFindings(db), ...recordFindings(db, run), ...versionFindings(db, run)]
  for (const [hash, where] of contents) {
    if (await files.verify(hash)) continue
    const what = files.exists(hash) ? 'changed' : 'missing'
    findings.push({ what: `The stored content ${hash.slice(0, 12)} is ${what}.`, where: where.join(', ') })
  }
  return { ok: findings.length === 0, artifacts: contents.size, findings }
}

/** Each content hash with the places that need it: "split.table". */
function contentOf(db: Database, run: Row): ReadonlyMap<Hash, readonly string[]> {
  const places = new Map<Hash, string[]>()
  const add = (hash: Hash, where: string) => {
    const known = places.get(hash)
    if (!known) places.set(hash, [where])
    else if (!known.includes(where)) known.push(where)
  }
  const outputs = db.all(
    'SELECT node, port, artifact FROM step_outputs JOIN steps ON steps.id = step WHERE run = ? ORDER BY position, port',
    run.number!,
  )
  for (const row of outputs) {
    const where = `${row.node}.${row.port}`
    add(row.artifact as Hash, where)
    for (const content of referencesOf(db, row.artifact as Hash)) add(content, where)
  }
  for (const row of db.all('SELECT node, report FROM steps WHERE run = ? AND report IS NOT NULL', run.number!))
    add(row.report as Hash, `report of ${row.node}`)
  return places
}

function chainFindings(db: Database): Finding[] {
  return brokenAuditEntries(db).map((number) => ({
    what: `Entry ${number} of the audit chain is changed or missing.`,
    where: 'audit chain',
  }))
}

/** Steps whose record in the lineage is no longer what the chain says it was when the run ended. */
function recordFindings(db: Database, run: Row): Finding[] {
  if (run.status === 'running') return []
  const ended = auditEntries(db, run.id as string).findLast((entry) => entry.kind === 'run-ended')
  if (!ended) return [{ what: `The end of the run ${run.id} is not in the audit chain.`, where: 'audit chain' }]
  const { status, steps: then } = ended.body as {
    readonly status: string
    readonly steps: Readonly<Record<string, string>>
  }
  const now = stepHashes(db, run.number as number)
  const nodes = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort()
  const steps = nodes.filter((node) => then[node] !== now[node])
  return [
    ...(status === run.status
      ? []
      : [{ what: `The status of the run was ${status} and is now ${run.status}.`, where: 'lineage' }]),
    ...steps.map((node) => ({
      what: `The record of the step "${node}" changed after the run.`,
      where: `lineage, step ${node}`,
    })),
  ]
}

function versionFindings(db: Database, run: Row): Finding[] {
  const document = db.get('SELECT document FROM pipeline_versions WHERE hash = ?', run.version!)
  const environment = db.get('SELECT body FROM environments WHERE hash = ?', run.environment!)
  const findings: Finding[] = []
  if (!document || hashBytes(document.document as string) !== run.version)
    findings.push({ what: 'The stored pipeline of the run changed.', where: 'lineage, pipeline version' })
  if (!environment || hashBytes(environment.body as string) !== run.environment)
    findings.push({ what: 'The stored environment of the run changed.', where: 'lineage, environment' })
  return findings
}
