import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError } from '#contract'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'

export const reportCommand: Command = {
  words: 'report',
  summary: 'save the offline report of a run',
  positionals: [{ name: 'RUN', doc: 'a run’s id, the beginning of it, or "last"' }],
  flags: {
    html: { value: 'FILE', doc: 'where to save it (default: a file here, called like the report)' },
    node: { value: 'NODE', doc: 'the node whose report it is, where a run has several' },
    ...projectFlag,
  },
  notes:
    'The report is one HTML file that opens without a network and without Plumbline; its form saves a review file.',
  async run({ given, io }) {
    const node = given.value('node')
    const { name, html } = await withEngine(currentProject(given, io), async (engine) =>
      engine.reportHtml({ run: await findRun(engine, given.positional('RUN')), ...(node ? { node } : {}) }),
    )
    const file = path.resolve(io.cwd, given.value('html') ?? name)
    try {
      await writeFile(file, html)
    } catch (cause) {
      throw new ProblemError(
        {
          code: 'file-unreadable',
          message: `${file} can not be written: ${(cause as Error).message}.`,
          fix: 'Name a file in a folder that exists with --html FILE.',
        },
        { cause },
      )
    }
    io.out.write(`Saved ${file}\n`)
    return exitCodes.done
  },
}
