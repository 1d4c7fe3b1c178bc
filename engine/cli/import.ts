import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError, problemsOf } from '#contract'
import { importOrange, type OrangeImport } from '#graph/orange/import-orange'
import { printDocument } from '#graph/print'
import { type Command, exitCodes, jsonFlag } from './command.ts'
import { problemsText } from './problems-text.ts'
import { namedFile } from './project.ts'
import { textTable } from './text-table.ts'

export const importCommand: Command = {
  words: 'import',
  summary: 'make a pipeline file from a workflow of Orange',
  positionals: [{ name: 'FILE', doc: 'the workflow, an .ows file' }],
  flags: {
    output: { value: 'FILE', doc: 'where to write the pipeline (default: beside the workflow)' },
    ...jsonFlag,
  },
  notes: `Says of every widget what became of it. Nothing in the file is run. An existing pipeline is not overwritten.
Exit codes: 0 imported, 2 the file can not be read or the pipeline is there already.`,
  async run({ given, io }) {
    const { path: file } = namedFile(given, io)
    const output = path.resolve(io.cwd, given.value('output') ?? file.replace(/(\.ows)?$/i, '.plumb.json'))
    let made: OrangeImport
    try {
      made = importOrange(await readFile(file, 'utf8'), path.basename(file).replace(/\.ows$/i, ''))
      if (existsSync(output)) throw alreadyThere(output)
    } catch (error) {
      io.error.write(`${problemsText(problemsOf(error))}\n`)
      return exitCodes.badInput
    }
    await writeFile(output, printDocument(made.document))
    if (given.has('json')) io.out.write(`${JSON.stringify({ file: output, widgets: made.widgets }, null, 2)}\n`)
    else io.out.write(`${reportText(made)}\n\nWritten to ${path.relative(io.cwd, output) || output}.\n`)
    return exitCodes.done
  },
}

const reportText = ({ widgets }: OrangeImport) =>
  textTable(widgets.map(({ title, type, note }) => [title, type ?? '–', note]))

const alreadyThere = (file: string) =>
  new ProblemError({
    code: 'parameter-bad',
    message: `${file} is there already.`,
    fix: 'Name another file with --output',
  })
