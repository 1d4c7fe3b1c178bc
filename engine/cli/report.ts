import { type Command, exitCodes, projectFlag } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'
import { savePage } from './save-page.ts'

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
    const page = await withEngine(currentProject(given, io), async (engine) =>
      engine.reportHtml({ run: await findRun(engine, given.positional('RUN')), ...(node ? { node } : {}) }),
    )
    await savePage(io, given.value('html'), page)
    return exitCodes.done
  },
}
