import { formatInteger } from '#report/format-number'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const runsVerifyCommand: Command = {
  words: 'runs verify',
  summary: 'recompute every hash of a run and the audit chain',
  positionals: [{ name: 'RUN', doc: 'a run’s id, the beginning of it, or "last"' }],
  flags: { ...jsonFlag, ...projectFlag },
  notes: 'Exit codes: 0 everything is as it was recorded, 1 something was changed.',
  async run({ given, io }) {
    const { run, verification } = await withEngine(currentProject(given, io), async (engine) => {
      const id = await findRun(engine, given.positional('RUN'))
      return { run: id, verification: await engine.verify({ run: id }) }
    })
    const { ok, artifacts, findings } = verification
    if (given.has('json')) io.out.write(`${JSON.stringify({ run, ...verification }, null, 2)}\n`)
    else if (ok)
      io.out.write(
        `✓ Run ${run}: ${formatInteger(artifacts)} artifacts and the audit chain are as they were recorded.\n`,
      )
    else {
      const count = findings.length === 1 ? 'One thing is' : `${findings.length} things are`
      io.out.write(
        `✕ Run ${run}: ${count} not as recorded.\n${textTable(
          findings.map(({ what, where }) => [what, where]),
          '  ',
        )}\n`,
      )
    }
    return ok ? exitCodes.done : exitCodes.failed
  },
}
