import type { Problem } from '#contract'

/** Problems as a reader wants them: what and where, the cure, the code last for searching. */
export function problemsText(problems: readonly Problem[]): string {
  return problems.map(problemText).join('\n\n')
}

function problemText(problem: Problem): string {
  const glyph = problem.level === 'warning' ? '◷' : '✕'
  const place = placeText(problem)
  const lines = [
    `${glyph} ${problem.message}`,
    ...(problem.fix ? [`  ${/[.!?]$/.test(problem.fix) ? problem.fix : `${problem.fix}.`}`] : []),
    `  [${problem.code}${place ? ` at ${place}` : ''}]`,
  ]
  return lines.join('\n')
}

function placeText(problem: Problem): string {
  const path = problem.path?.join('.') ?? ''
  if (!problem.node || path.startsWith(`nodes.${problem.node}`)) return path
  return path ? `${problem.node}: ${path}` : problem.node
}
