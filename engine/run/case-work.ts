import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { type Engine, ProblemError, type QueueFigures, type QueueView } from '#contract'
import { type CaseQueue, openQueue, queueFile, settleCases } from '#store/queue/open-queue'
import { listCases, queueCounts, queueFigures, queueModels } from '#store/queue/read-queue'
import { decideCase, releaseCase, takeCase } from '#store/queue/work-queue'
import { projectPath } from './project-paths.ts'

export interface CaseWork {
  readonly methods: Pick<Engine, 'queue' | 'takeCase' | 'releaseCase' | 'decideCase' | 'exportCases'>
  close(): void
}

/** The cases of a project as a window works on them; their file is opened once there is one. */
export function openCaseWork(project: string): CaseWork {
  const file = queueFile(project)
  let opened: CaseQueue | undefined
  const figuresOf = rememberedFigures()
  const viewOf = (queue: CaseQueue, { model }: { model?: string }): QueueView => {
    settleCases(queue)
    const counts = queueCounts(queue, model)
    return {
      me: userInfo().username,
      cases: listCases(queue, model === undefined ? {} : { model }),
      counts,
      figures: figuresOf(queue, model, counts.decided),
      models: queueModels(queue),
    }
  }
  const known = () => {
    if (!opened && existsSync(file)) opened = openQueue(file)
    return opened
  }
  const needed = () => {
    const queue = known()
    if (queue) return queue
    throw new ProblemError({
      code: 'not-found',
      message: 'No case ever waited for a person in this project.',
      fix: 'Deploy a model with a level of automation that leaves rows to people, and serve it.',
    })
  }
  return {
    methods: {
      async queue(a) {
        const queue = known()
        return queue ? viewOf(queue, a) : { ...nothing, me: userInfo().username }
      },
      takeCase: async (a) => (known() ? takeCase(needed(), a) : null),
      releaseCase: async (a) => releaseCase(needed(), a),
      decideCase: async (a) => decideCase(needed(), a),
      async exportCases({ model }) {
        const folder = path.join(project, 'data')
        mkdirSync(folder, { recursive: true })
        const out = freeName(folder, model ?? 'cases')
        const { exportCases } = await import('./export-cases.ts')
        const { rows } = await exportCases(project, { out, ...(model !== undefined && { model }) })
        return { path: projectPath(project, out), rows }
      },
    },
    close() {
      opened?.close()
      opened = undefined
    },
  }
}

const none = { value: null, n: 0 }
const nothing: Omit<QueueView, 'me'> = {
  cases: [],
  counts: { queued: 0, taken: 0, pending: 0, decided: 0, inForce: 0, overdue: 0 },
  figures: { agreement: none, overridden: none, revised: none, groups: [] },
  models: [],
}

/** Figures are made anew when something was decided: a window asks every few seconds. */
function rememberedFigures(): (queue: CaseQueue, model: string | undefined, decided: number) => QueueFigures {
  const known = new Map<string | undefined, { readonly decided: number; readonly figures: QueueFigures }>()
  return (queue, model, decided) => {
    const found = known.get(model)
    if (found?.decided === decided) return found.figures
    const figures = queueFigures(queue, model)
    known.set(model, { decided, figures })
    return figures
  }
}

function freeName(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const file = path.join(folder, `${name}-labels${number === 1 ? '' : `-${number}`}.csv`)
    if (!existsSync(file)) return file
  }
}
