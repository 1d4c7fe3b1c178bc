import { formatInteger } from '#report/format-number'
import { type BatchRecord, listBatches } from '#store/batches'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const batchesCommand: Command = {
  words: 'batches',
  summary: 'list the files that were scored',
  positionals: [],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const batches = withRegistry(currentProject(given, io), (db) => listBatches(db))
    if (given.has('json')) io.out.write(`${JSON.stringify(batches, null, 2)}\n`)
    else if (batches.length === 0) io.out.write('No file was scored yet. "plumbline batch --help" says how.\n')
    else
      io.out.write(`${textTable([['batch', 'model', 'state', 'rows', 'rejected', 'output'], ...batches.map(row)])}\n`)
    return exitCodes.done
  },
}

const row = ({ id, name, version, status, rows, rejected, output, job }: BatchRecord) => [
  job === undefined ? id : `${id} ${job}`,
  `${name} v${version}`,
  status,
  formatInteger(rows),
  formatInteger(rejected),
  output,
]
