import { existsSync } from 'node:fs'
import path from 'node:path'
import type { PipelineDocument, RunComparison } from '#contract'
import { shortValue } from '#graph/fingerprint'
import { unpackAll } from '#graph/groups/unpack-node'
import { type DocumentDifference, diffDocuments, sameLogic } from '#graph/versions/diff-documents'
import { newestRunOf } from '#graph/versions/newest-run'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withEngine } from './open-engine.ts'
import { problemsText } from './problems-text.ts'
import { namedFile } from './project.ts'
import { readPipeline } from './read-pipeline.ts'
import { figureRow } from './runs-diff.ts'
import { differentRows, textTable } from './text-table.ts'

/** Nodes inside groups are compared as if they stood outside, unless the two are only grouped differently. */
export const diffCommand: Command = {
  words: 'diff',
  summary: 'compare two pipeline files: nodes, wires, parameters, and the figures of their runs',
  positionals: [
    { name: 'A', doc: 'the older pipeline file' },
    { name: 'B', doc: 'the newer pipeline file' },
  ],
  flags: { ...jsonFlag, ...projectFlag },
  notes:
    'Figures are those of the newest run of each version in the project of B, where there is one. Exit codes: 0 they compute the same, 1 they differ.',
  async run({ given, io }) {
    const [a, b] = [namedFile(given, io, 'A'), namedFile(given, io, 'B')]
    const [older, newer] = [await readPipeline(a), await readPipeline(b)]
    const problems = [...older.problems, ...newer.problems]
    if (!older.document || !newer.document) {
      io.out.write(`${problemsText(problems)}\n`)
      return exitCodes.badInput
    }
    const inside = diffDocuments(unpackAll(older.document), unpackAll(newer.document))
    const same = sameLogic(inside)
    const difference = same ? diffDocuments(older.document, newer.document) : inside
    const runs = await compareNewestRuns(b.project, older.document, newer.document)
    if (given.has('json')) io.out.write(`${JSON.stringify({ ...difference, ...(runs && { runs }) }, null, 2)}\n`)
    else io.out.write(`${differenceText(difference, runs)}\n`)
    if (same && !sameLogic(difference) && !given.has('json'))
      io.out.write('\nThey compute the same: nodes are only grouped differently.\n')
    return same ? exitCodes.done : exitCodes.failed
  },
}

/** The newest run of each version, compared; undefined while one of them never ran in this project. */
async function compareNewestRuns(
  project: string,
  a: PipelineDocument,
  b: PipelineDocument,
): Promise<RunComparison | undefined> {
  if (!existsSync(path.join(project, '.plumbline', 'lineage.sqlite'))) return undefined
  return withEngine(project, async (engine) => {
    const [of, other] = [await newestRunOf(engine, a), await newestRunOf(engine, b)]
    return of && other ? engine.compareRuns({ a: of, b: other }) : undefined
  })
}

function differenceText(difference: DocumentDifference, runs: RunComparison | undefined): string {
  const { added, removed, changed, wires, assertions, settings, moved } = difference
  const figures = (runs?.metrics ?? []).filter((metric) => metric.a !== metric.b).map(figureRow)
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      'Nodes',
      [...removed.map(({ node, type }) => ['−', node, type]), ...added.map(({ node, type }) => ['+', node, type])],
    ],
    ['Parameters', changed.map(({ node, what, a, b }) => [`${node}.${what}`, shortValue(a), '→', shortValue(b)])],
    [
      'Wires',
      [
        ...wires.removed.map(({ from, to }) => ['−', from, '→', to]),
        ...wires.added.map(({ from, to }) => ['+', from, '→', to]),
      ],
    ],
    [
      'Assertions',
      assertions.map(({ from, to, what, a, b }) => [`${from} → ${to}`, what, shortValue(a), '→', shortValue(b)]),
    ],
    ['Settings', settings.map(({ what, a, b }) => [what, shortValue(a), '→', shortValue(b)])],
    ['Figures of the newest runs', differentRows(figures)],
  ]
  const shown = sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `${title}\n${textTable(rows, '  ')}`)
  const layout = moved > 0 ? [`${moved} ${moved === 1 ? 'thing stands' : 'things stand'} elsewhere on the canvas.`] : []
  return shown.length + layout.length === 0 ? 'Nothing differs.' : [...shown, ...layout].join('\n\n')
}
