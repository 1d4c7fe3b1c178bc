import { type Problem, ProblemError, problemCodes } from '#contract'

/** What is wanting in what was thrown: not a Problem, no code of the table, no place, no cure, words the product does not use. */
export function problemFaults(thrown: unknown): string[] {
  if (!(thrown instanceof ProblemError))
    return [`threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`]
  if (thrown.problems.length === 0) return ['an empty list of problems']
  return thrown.problems.flatMap((problem) =>
    oneProblemFaults(problem).map((fault) => `${fault}: ${JSON.stringify(problem).slice(0, 400)}`),
  )
}

const unwanted = /\binvalid\b|\boops\b|!|\bNaN\b|\bundefined\b|\[object |something went wrong/i

function oneProblemFaults(problem: Problem): string[] {
  const hasPlace =
    (problem.path?.length ?? 0) > 0 || (problem.columns?.length ?? 0) > 0 || (problem.rows?.length ?? 0) > 0
  return [
    ...(Object.hasOwn(problemCodes, problem.code) ? [] : ['unknown code']),
    ...(problem.code === 'internal' ? ['"internal" is no answer to bad data'] : []),
    ...(problem.code === 'cancelled' ? ['took too long, or says it was cancelled although it was not'] : []),
    ...(hasPlace ? [] : ['no place (path, columns or rows)']),
    ...(/^[A-Z]\S+ /.test(problem.fix ?? '') ? [] : ['no cure that begins with a verb']),
    ...(problem.message.trim().length > 10 ? [] : ['no sentence that says what and where']),
    ...(unwanted.test(`${problem.message} ${problem.fix}`) ? ['words the product does not use'] : []),
  ]
}
