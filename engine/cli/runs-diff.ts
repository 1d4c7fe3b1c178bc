import type { RunComparison } from '#contract'
import { shortValue } from '#graph/fingerprint'
import { defaultDigits, formatNumber, formatSigned } from '#report/format-number'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'
import { differentRows, textTable } from './text-table.ts'
import { runWords, timeText } from './words.ts'

export const runsDiffCommand: Command = {
  words: 'runs diff',
  summary: 'compare two runs',
  positionals: [
    { name: 'A', doc: 'the older run: its id, the beginning of it, or "last"' },
    { name: 'B', doc: 'the newer run' },
  ],
  flags: { ...jsonFlag, ...projectFlag },
  notes: 'Compares parameters, external files, figures and artifacts; what is the same in both is left out.',
  async run({ given, io }) {
    const comparison = await withEngine(currentProject(given, io), async (engine) => {
      const [a, b] = [await findRun(engine, given.positional('A')), await findRun(engine, given.positional('B'))]
      return engine.compareRuns({ a, b })
    })
    io.out.write(given.has('json') ? `${JSON.stringify(comparison, null, 2)}\n` : `${comparisonText(comparison)}\n`)
    return exitCodes.done
  },
}

const short = (hash: string | null) => hash?.slice(0, 12) ?? 'none'

function comparisonText({ a, b, parameters, inputs, metrics, artifacts }: RunComparison): string {
  const head = textTable(
    [a, b].map((run, index) => [
      'AB'[index]!,
      run.id,
      runWords[run.status],
      timeText(run.startedAt),
      run.file ?? run.pipeline,
    ]),
  )
  const figures = metrics.filter((metric) => metric.a !== metric.b).map(figureRow)
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      'Parameters',
      parameters.map(({ node, path, a: from, b: to }) => [`${node}.${path}`, shortValue(from), '→', shortValue(to)]),
    ],
    ['Files', inputs.map(({ path, a: from, b: to }) => [path, short(from), '→', short(to)])],
    ['Figures', differentRows(figures)],
    [
      'Artifacts',
      artifacts
        .filter((artifact) => artifact.a !== artifact.b)
        .map(({ node, port, a: from, b: to }) => [`${node}.${port}`, short(from), '→', short(to)]),
    ],
  ]
  const shown = sections.filter(([, rows]) => rows.length > 0)
  if (shown.length === 0) return `${head}\n\nNothing differs.`
  return [head, ...shown.map(([title, rows]) => `${title}\n${textTable(rows, '  ')}`)].join('\n\n')
}

/** A figure before and after with as many decimals as tell the two apart, and their difference with its own first digit. */
export function figureRow({ node, label, a: from, b: to }: RunComparison['metrics'][number]): readonly string[] {
  if (from === null || to === null) return [node, label, formatNumber(from), '→', formatNumber(to), '']
  const step = Math.abs(to - from)
  const digits = Math.min(
    12,
    Math.max(defaultDigits(from), defaultDigits(to), step < 1 ? -Math.floor(Math.log10(step)) : 0),
  )
  return [node, label, formatNumber(from, digits), '→', formatNumber(to, digits), formatSigned(to - from, digits)]
}
