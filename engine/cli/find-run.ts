import { type Engine, ProblemError } from '#contract'

/** The full id of a run named by its id, the beginning of it, or "last". */
export async function findRun(engine: Engine, name: string): Promise<string> {
  const runs = await engine.runs({ limit: 1_000 })
  if (name === 'last' && runs[0]) return runs[0].id
  const matches = runs.filter((run) => run.id === name || run.id.startsWith(name))
  const exact = matches.find((run) => run.id === name)
  if (exact || matches.length === 1) return (exact ?? matches[0]!).id
  if (matches.length > 1) {
    throw new ProblemError({
      code: 'not-found',
      message: `${matches.length} runs begin with "${name}".`,
      fix: `Write more of it: ${matches
        .slice(0, 5)
        .map((run) => run.id)
        .join(', ')}.`,
    })
  }
  throw new ProblemError({
    code: 'not-found',
    message: `This project has no run "${name}".`,
    fix:
      runs.length > 0
        ? `See "plumbline runs", or write "last" for ${runs[0]!.id}.`
        : 'Run a pipeline first: plumbline run FILE.',
  })
}
