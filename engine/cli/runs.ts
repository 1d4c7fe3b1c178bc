import { formatDuration } from '#report/format-time'
import { type Command, exitCodes, jsonFlag, projectFlag, UsageError } from './command.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'
import { runWords, stepGlyphs, timeText } from './words.ts'

export const runsCommand: Command = {
  words: 'runs',
  summary: 'list runs',
  positionals: [],
  flags: {
    file: { value: 'FILE', doc: 'only runs of this pipeline file, named as in the list' },
    limit: { value: 'N', doc: 'how many, newest first (default 20)' },
    ...jsonFlag,
    ...projectFlag,
  },
  async run({ given, io }) {
    const limit = Number(given.value('limit') ?? 20)
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError('--limit needs a whole number from 1.', 'Write --limit 20.')
    const file = given.value('file')
    const runs = await withEngine(currentProject(given, io), (engine) =>
      engine.runs({ limit, ...(file ? { file } : {}) }),
    )
    if (given.has('json')) io.out.write(`${JSON.stringify(runs, null, 2)}\n`)
    else if (runs.length === 0) io.out.write('No runs yet. Run a pipeline first: plumbline run FILE.\n')
    else {
      const rows = runs.map((run) => [
        run.id,
        runWords[run.status],
        timeText(run.startedAt),
        formatDuration(run.ms),
        Object.entries(run.counts)
          .map(([status, count]) => `${stepGlyphs[status as keyof typeof stepGlyphs]} ${count}`)
          .join(' '),
        run.file ?? run.pipeline,
      ])
      io.out.write(`${textTable([['run', 'status', 'started', 'took', 'nodes', 'pipeline'], ...rows])}\n`)
    }
    return exitCodes.done
  },
}
