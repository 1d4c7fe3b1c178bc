import type { Engine, PipelineDocument, SweepPlan, SweepStatus } from '#contract'
import { settingTarget } from '#graph/set-inputs'
import {
  beginSweep,
  endSweep,
  findSweep,
  listSweeps,
  type SweepRecord,
  sweepDocument,
  sweepTrials,
  takeSweep,
} from '#store/sweeps'
import type { TrialReference } from '#store/write-run'
import type { DocumentChecks } from '../document-checks.ts'
import { type PreparedRun, prepareRun } from '../prepare-run.ts'
import type { LiveRun } from '../run-session.ts'
import type { Workshop } from '../workshop.ts'
import { conductSweep, sweepTargets } from './conduct-sweep.ts'
import { openSearch, plannedTrials, planProblem } from './sweep-search.ts'
import { sweepDetail, sweepSummary } from './sweep-summary.ts'

export interface SweepTools {
  readonly workshop: Workshop
  readonly checks: DocumentChecks
  begin(prepared: PreparedRun, a: { file?: string; trial: TrialReference }): LiveRun
}

export interface Sweeps extends Pick<Engine, 'startSweep' | 'cancelSweep' | 'resumeSweep' | 'sweeps' | 'sweep'> {
  /** Settles when a sweep of this engine has ended. */
  idle(sweep: string): Promise<void>
  /** Stops all; those under way can be gone on with. */
  close(): Promise<void>
}

interface LiveSweep {
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** Searches over the parameters of a document: ordinary runs that share the cache, kept with the lineage. */
export function createSweeps({ workshop, checks, begin }: SweepTools): Sweeps {
  const { db, engine } = workshop.store
  const live = new Map<string, LiveSweep>()
  let closing = false

  const emit = (id: string, status: SweepStatus) => workshop.events.emit({ type: 'sweep', id, status })

  function go(record: Pick<SweepRecord, 'id' | 'plan' | 'planned' | 'file'>, document: PipelineDocument): void {
    const controller = new AbortController()
    const { id, plan, file } = record
    const work = async () => {
      const search = openSearch(plan, sweepTrials(db, record))
      const status = await conductSweep({
        workshop,
        record,
        document,
        search,
        signal: controller.signal,
        async begin(set, number) {
          const prepared = await prepareRun(workshop, checks, { document, targets: sweepTargets(plan), set })
          return begin(prepared, { ...(file === undefined ? {} : { file }), trial: { sweep: id, number } })
        },
        changed: () => emit(id, 'running'),
      })
      return closing && status === 'cancelled' ? 'interrupted' : status
    }
    const end = (status: SweepStatus) => {
      endSweep(db, id, status)
      live.delete(id)
      emit(id, status)
    }
    const ended = work().then(end, (error) => {
      console.error(error)
      end('interrupted')
    })
    live.set(id, { controller, ended })
    emit(id, 'running')
  }

  return {
    async startSweep({ document, file, plan }) {
      checkPlan(document, plan)
      const planned = plannedTrials(plan)
      await prepareRun(workshop, checks, { document, targets: sweepTargets(plan), set: firstSettings(plan) })
      const named = file === undefined ? {} : { file }
      const id = beginSweep(db, { document, plan, planned, engine, ...named })
      go({ id, plan, planned, ...named }, document)
      return { id }
    },
    async cancelSweep({ sweep }) {
      live.get(sweep)?.controller.abort()
    },
    async resumeSweep({ sweep }) {
      takeSweep(db, sweep, engine)
      const record = findSweep(db, sweep)
      go(record, sweepDocument(db, record.version))
    },
    sweeps: async (a) => listSweeps(db, a).map((record) => sweepSummary(db, record)),
    sweep: async ({ sweep }) => sweepDetail(db, findSweep(db, sweep)),
    async idle(sweep) {
      await live.get(sweep)?.ended
    },
    async close() {
      closing = true
      for (const { controller } of live.values()) controller.abort()
      await Promise.allSettled([...live.values()].map(({ ended }) => ended))
    },
  }
}

/** Names that point nowhere are told before anything runs; what the catalogue says of them comes with the first trial. */
function checkPlan(document: PipelineDocument, plan: SweepPlan): void {
  if (!Object.hasOwn(document.nodes, plan.metric.node))
    throw planProblem(
      `The pipeline has no node "${plan.metric.node}" to judge trials by.`,
      'Name a figure as node.figure, of a node that evaluates.',
    )
  const targets = plan.parameters.map(({ setting }) => JSON.stringify(settingTarget(document, setting) ?? setting))
  const twice = plan.parameters.find((_, at) => targets.indexOf(targets[at]!) !== at)
  if (twice) throw planProblem(`${twice.setting} is searched twice.`, 'Name each parameter once.')
}

/** The first trial's, to hear of names and values that the document does not take. */
function firstSettings(plan: SweepPlan): Readonly<Record<string, string>> {
  const first = plan.parameters.map(({ setting, values, range }) => [
    setting,
    JSON.stringify(values ? values[0] : range!.low),
  ])
  const budget =
    plan.budget && plan.strategy === 'halving' ? [[plan.budget.setting, JSON.stringify(plan.budget.least)]] : []
  return Object.fromEntries([...first, ...budget])
}
