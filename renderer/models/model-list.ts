import type { Engine, Hash, Model, RunDetail, RunSummary } from '#contract'

export interface MadeModel {
  readonly hash: Hash
  readonly model: Model
  /** The newest run that made or reused it, and the step in it. */
  readonly run: RunSummary
  readonly node: string
  readonly title: string
}

interface Found {
  readonly hash: Hash
  readonly run: RunSummary
  readonly node: string
  readonly title: string
}

const lookedRuns = 40

/** Model artifacts of runs, newest first; one that several runs share stands once. */
export function modelArtifacts(runs: readonly RunDetail[]): readonly Found[] {
  const found = new Map<Hash, Found>()
  for (const run of runs)
    for (const step of run.steps)
      for (const output of Object.values(step.outputs))
        if (output.kind === 'model' && !found.has(output.hash))
          found.set(output.hash, { hash: output.hash, run, node: step.node, title: step.title ?? step.node })
  return [...found.values()]
}

/** Models that predict; preparations alone are no models to choose from. */
export async function loadModels(engine: Engine): Promise<readonly MadeModel[]> {
  const runs = await engine.runs({ limit: lookedRuns })
  const details = await Promise.all(runs.map((run) => engine.runDetail({ run: run.id })))
  const found = modelArtifacts(details)
  const documents = await Promise.all(
    found.map(({ hash }) => engine.value({ hash }) as Promise<unknown> as Promise<Model>),
  )
  return found
    .map((entry, i) => ({ ...entry, model: documents[i]! }))
    .filter(({ model }) => model.purpose !== 'preparation')
}
