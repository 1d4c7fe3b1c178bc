import { messages } from '../../shell/messages.ts'
import { isRunning } from '../../state/run-store.ts'
import type { Workbench } from '../../state/workbench.ts'
import { wholeId } from './levels.ts'

/** Saves, then starts the whole pipeline or what leads to the targets. */
export async function startRun(
  workbench: Workbench,
  options: { targets?: readonly string[]; useCache?: boolean } = {},
): Promise<void> {
  const { file, engine, runs, autosave, notices } = workbench
  const { path, readOnly } = file.getState()
  if (path === null || isRunning(runs.getState())) return
  if (readOnly) return notices.say(messages.banner.readOnly(path), { tone: 'bad' })
  runs.starting()
  try {
    await autosave.flush()
    const { document } = file.getState()
    const targets = options.targets?.map((node) => wholeId(workbench, node))
    const { id } = await engine.run({ document, file: path, ...options, ...(targets && { targets }) })
    runs.started(id)
  } catch (error) {
    runs.started(null)
    notices.complain(error)
    showFirstProblem(workbench)
  }
}

/** Takes the user to the first node that keeps a run from starting. */
function showFirstProblem({ checks, view, canvas }: Workbench) {
  const nodes = Object.entries(checks.getState().check?.nodes ?? {})
  const first = nodes.find(([, check]) => check.problems.some((problem) => problem.level !== 'warning'))
  if (!first) return
  view.select([first[0]])
  view.set({ inspectorTab: 'problem', inspectorOpen: true })
  canvas.current?.reveal(first[0])
}

/** Asks a step at work for what it has by now. */
export async function finishStep(workbench: Workbench, node: string): Promise<void> {
  const { engine, runs, notices } = workbench
  const run = runs.getState().current
  if (run === null) return
  try {
    await engine.finish({ run, node: wholeId(workbench, node) })
  } catch (error) {
    notices.complain(error)
  }
}

export async function stopRun(workbench: Workbench, node?: string): Promise<void> {
  const { engine, runs, notices } = workbench
  const run = runs.getState().current
  if (run === null) return
  try {
    await engine.cancel(node === undefined ? { run } : { run, node: wholeId(workbench, node) })
  } catch (error) {
    notices.complain(error)
  }
}
