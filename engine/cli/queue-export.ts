import path from 'node:path'
import { formatCount } from '#report/format-number'
import { exportCases } from '#run/export-cases'
import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { currentProject } from './project.ts'
import { modelFlag } from './queue.ts'

export const queueExportCommand: Command = {
  words: 'queue export',
  summary: 'write what people decided as labelled rows to train on',
  positionals: [],
  flags: { out: { value: 'FILE', doc: 'the file: .parquet, else CSV' }, ...modelFlag, ...projectFlag },
  notes: `
Columns: those of the row as it was sent, the target with the decision, then case, model_version, model_decision,
model_score, decided_by, decided_at. Answers that took force by themselves are no labels and stay out.`,
  async run({ given, io }) {
    const out = given.value('out')
    if (out === undefined)
      throw new UsageError('"plumbline queue export" needs a file to write.', 'Write --out labels.csv.')
    const model = given.value('model')
    const project = currentProject(given, io)
    const { rows } = await exportCases(project, {
      out: path.resolve(io.cwd, out),
      ...(model !== undefined && { model }),
    })
    io.out.write(`${formatCount(rows, 'decided case')}: ${out}\n`)
    return exitCodes.done
  },
}
