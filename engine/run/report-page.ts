import { type Hash, type JsonValue, ProblemError, type Report } from '#contract'
import { fileStem, renderReportPage } from '#report/page'
import type { Store } from '#store/open-store'
import { findRun } from '#store/read-runs'
import { getValue } from '#store/values'
import { engineVersion } from './environment.ts'

interface Asked {
  readonly run: string
  readonly node?: string
  readonly report?: Hash
}

/** The page of a run's report artifact: the one named, of the named node, else of the last that judges something, else of the last. */
export async function reportPage(store: Store, a: Asked): Promise<{ name: string; html: string }> {
  const run = findRun(store.db, a.run)
  const report = await chooseReport(store, a.report ? [a.report] : reportsOf(store, run.number as number, a.node))
  if (!report) throw noReport(run.id as string, a.node)
  const page = renderReportPage(report, {
    run: run.id as string,
    at: run.started_at as string,
    engine: engineVersion(),
  })
  return { name: `${fileStem(report.title)}.html`, html: page.html }
}

/** The newest first. */
const reportsOf = (store: Store, run: number, node: string | undefined): readonly Hash[] =>
  store.db
    .all(
      `SELECT steps.node, artifact FROM step_outputs JOIN steps ON steps.id = step_outputs.step
       JOIN artifacts ON artifacts.hash = artifact WHERE steps.run = ? AND kind = 'report' ORDER BY steps.position DESC`,
      run,
    )
    .filter((row) => node === undefined || row.node === node)
    .map((row) => row.artifact as Hash)

/** Nodes also write reports about their own work, as what was read, and model cards: the one to send out names what it judges. */
async function chooseReport(store: Store, hashes: readonly Hash[]): Promise<Report | undefined> {
  const reports: Report[] = []
  for (const hash of hashes) {
    const report = (await getValue(store.files, hash)) as JsonValue & Report
    if (report.kind !== 'report') continue
    if (report.evaluation) return report
    reports.push(report)
  }
  return reports.find(({ model }) => model) ?? reports[0]
}

function noReport(run: string, node: string | undefined): ProblemError {
  return new ProblemError({
    code: 'not-found',
    message: node ? `The step "${node}" of the run ${run} made no report.` : `The run ${run} made no report.`,
    fix: 'Add a report node to the pipeline and run it.',
  })
}
