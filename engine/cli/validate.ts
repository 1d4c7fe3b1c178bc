import type { PipelineDocument, Problem } from '#contract'
import { checkWithoutStore } from './check-without-store.ts'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import type { Io } from './io.ts'
import { problemsText } from './problems-text.ts'
import { type NamedFile, namedFile } from './project.ts'
import { type ReadPipeline, readPipeline, readSettings, withSettings } from './read-pipeline.ts'
import { withNodes } from './with-nodes.ts'

export const validateCommand: Command = {
  words: 'validate',
  summary: 'name every problem of a pipeline file without running it',
  positionals: [{ name: 'FILE', doc: 'the pipeline file, NAME.plumb.json' }],
  flags: {
    set: { value: 'NAME=VALUE', many: true, doc: 'check as if this were set, as with "run"' },
    ...jsonFlag,
    ...projectFlag,
  },
  notes: 'Exit codes: 0 no problems, 2 problems. Warnings alone are no problems.',
  async run({ given, io }) {
    const file = namedFile(given, io)
    const settings = readSettings(given.values('set'))
    const read = await readPipeline(file)
    const { document, problems } = await checkRead(read, file, settings, io)
    const stops = problems.filter((problem) => problem.level !== 'warning')
    if (given.has('json')) io.out.write(`${JSON.stringify({ ok: stops.length === 0, problems }, null, 2)}\n`)
    else {
      if (problems.length > 0) io.out.write(`${problemsText(problems)}\n\n`)
      io.out.write(`${verdict(file.file, stops.length, problems.length - stops.length, document)}\n`)
    }
    return stops.length === 0 ? exitCodes.done : exitCodes.badInput
  },
}

/** Every problem of a file that was read: its own, then those of what it describes. */
async function checkRead(
  read: ReadPipeline,
  file: NamedFile,
  settings: Readonly<Record<string, string>>,
  io: Io,
): Promise<{ readonly document: PipelineDocument | undefined; readonly problems: readonly Problem[] }> {
  const given = read.document ?? read.salvaged
  if (!given) return { document: undefined, problems: read.problems }
  return withNodes({ project: file.project, documents: [given] }, async (nodes) => {
    const document = read.document ? withSettings(read.document, settings, file, nodes.cards, io) : given
    const { problems } = await checkWithoutStore(document, file.project, nodes)
    return { document, problems: [...read.problems, ...problems] }
  })
}

function verdict(file: string, problems: number, warnings: number, document: PipelineDocument | undefined): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const also = warnings > 0 ? `, ${count(warnings, 'warning')}` : ''
  if (problems > 0) return `${file}: ${count(problems, 'problem')}${also}.`
  const { nodes, edges } = document ?? { nodes: {}, edges: [] }
  return `${file}: no problems${also}. ${count(Object.keys(nodes).length, 'node')}, ${count(edges.length, 'wire')}.`
}
