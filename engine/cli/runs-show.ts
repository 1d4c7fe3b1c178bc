import type { JsonValue, RunDetail, StepSummary } from '#contract'
import { formatBytes, formatEstimate, formatInteger } from '#report/format-number'
import { formatDuration } from '#report/format-time'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { problemsText } from './problems-text.ts'
import { currentProject } from './project.ts'
import { stateText } from './run-display.ts'
import { differentRows, textTable } from './text-table.ts'
import { runWords, stepGlyphs, timeText } from './words.ts'

export const runsShowCommand: Command = {
  words: 'runs show',
  summary: 'show one run: steps, figures, environment',
  positionals: [{ name: 'RUN', doc: 'a run’s id, the beginning of it, or "last"' }],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const detail = await withEngine(currentProject(given, io), async (engine) =>
      engine.runDetail({ run: await findRun(engine, given.positional('RUN')) }),
    )
    io.out.write(given.has('json') ? `${JSON.stringify(detail, null, 2)}\n` : `${runText(detail)}\n`)
    return exitCodes.done
  },
}

function runText(run: RunDetail): string {
  const head = [
    `Run ${run.id}: ${runWords[run.status]}`,
    `${run.pipeline}${run.file ? ` (${run.file})` : ''}, started ${timeText(run.startedAt)}${run.ms === undefined ? '' : `, took ${formatDuration(run.ms)}`}`,
  ].join('\n')
  const steps = textTable([['', 'node', 'type', 'state', 'outputs'], ...run.steps.map(stepRow)], '  ')
  const problems = run.steps.flatMap((step) => step.problems.map((problem) => ({ ...problem, node: step.node })))
  const metrics = differentRows(
    run.metrics.map((metric) => [
      metric.node,
      metric.label,
      formatEstimate(metric),
      metric.n === undefined ? '' : `n ${formatInteger(metric.n)}`,
    ]),
  )
  const assertions = run.steps.flatMap(({ wires = [] }) =>
    wires.flatMap(({ from, to, checks }) =>
      checks.map(({ verdict, reason }) => [verdict === 'pass' ? '✓' : '✕', `${from} → ${to}`, reason]),
    ),
  )
  const reviews = run.reviews.map((review) => [
    timeText(review.at),
    review.reviewer,
    review.role,
    review.decision,
    review.comment,
  ])
  const environment = Object.entries(run.environment)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, environmentText(name, value)])
  const logs = run.logs.map((log) => [timeText(log.at), log.level, log.node ?? '', log.message])
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    ['Figures', metrics],
    ['Assertions', assertions],
    ['Reviews', reviews],
    ['Log', logs],
    ['Environment', environment],
  ]
  return [
    head,
    steps,
    ...(problems.length > 0 ? [problemsText(problems)] : []),
    ...sections.filter(([, rows]) => rows.length > 0).map(([title, rows]) => `${title}\n${textTable(rows, '  ')}`),
  ].join('\n\n')
}

function environmentText(name: string, value: JsonValue): string {
  if (name === 'memory' && typeof value === 'number') return formatBytes(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function stepRow(step: StepSummary): string[] {
  const outputs = Object.entries(step.outputs).map(([port, output]) => {
    const size =
      output.rows === undefined ? formatBytes(output.bytes) : `${formatInteger(output.rows)} × ${output.columns ?? 0}`
    return `${port} ${output.hash.slice(0, 12)} (${size})`
  })
  return [stepGlyphs[step.status], step.node, step.nodeType, stateText(step), outputs.join(', ')]
}
