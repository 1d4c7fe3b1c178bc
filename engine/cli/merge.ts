import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { shortValue } from '#graph/fingerprint'
import { printDocument } from '#graph/print'
import { type MergeConflict, mergeDocuments } from '#graph/versions/merge-documents'
import { type Command, exitCodes, jsonFlag } from './command.ts'
import { problemsText } from './problems-text.ts'
import { namedFile } from './project.ts'
import { readPipeline } from './read-pipeline.ts'
import { textTable } from './text-table.ts'
import { withNodes } from './with-nodes.ts'

export const mergeCommand: Command = {
  words: 'merge',
  summary: 'merge two versions of a pipeline file over the version before both',
  positionals: [
    { name: 'BASE', doc: 'the version both came from' },
    { name: 'OURS', doc: 'our version; the merged pipeline is written here' },
    { name: 'THEIRS', doc: 'their version' },
  ],
  flags: { output: { value: 'FILE', doc: 'write the merged pipeline here instead' }, ...jsonFlag },
  notes: `Where both changed the same thing, the merged file holds ours and the conflict is listed: the file always opens.
Exit codes: 0 merged, 1 merged with conflicts, 2 a file can not be read; nothing is written then.
As git's merge driver: git config merge.plumbline.driver "plumbline merge %O %A %B", and in .gitattributes
*.plumb.json merge=plumbline`,
  async run({ given, io }) {
    const names = ['BASE', 'OURS', 'THEIRS'] as const
    const files = names.map((name) => namedFile(given, io, name))
    const [base, ours, theirs] = await Promise.all(files.map(readPipeline))
    if (!base?.document || !ours?.document || !theirs?.document) {
      const problems = [base, ours, theirs].flatMap((read) => read?.problems ?? [])
      io.error.write(`${problemsText(problems)}\n`)
      return exitCodes.badInput
    }
    const versions = { base: base.document, ours: ours.document, theirs: theirs.document }
    const { document, conflicts } = await withNodes(
      { project: files[1]!.project, documents: [versions.ours, versions.theirs] },
      async ({ cards }) => mergeDocuments(versions, cards),
    )
    const output = given.value('output')
    await writeFile(output === undefined ? files[1]!.path : path.resolve(io.cwd, output), printDocument(document))
    if (given.has('json')) io.out.write(`${JSON.stringify({ conflicts }, null, 2)}\n`)
    else if (conflicts.length > 0) io.error.write(`${conflictsText(conflicts)}\n`)
    return conflicts.length === 0 ? exitCodes.done : exitCodes.failed
  },
}

const reasons: Readonly<Record<MergeConflict['reason'], string>> = {
  'both-changed': 'changed on both sides',
  'removed-and-changed': 'removed on one side, changed on the other; it stays',
  'one-wire-only': 'a second wire into an input for one; left out',
  'wire-without-node': 'a new wire to a node that the other side removed; left out',
}

function conflictsText(conflicts: readonly MergeConflict[]): string {
  const rows = conflicts.map(({ place, reason, ours, theirs }) => [
    place,
    reason === 'both-changed' ? `ours ${shortValue(ours)}, theirs ${shortValue(theirs)}` : '',
    reasons[reason],
  ])
  const count = `${conflicts.length} ${conflicts.length === 1 ? 'conflict' : 'conflicts'}, ours kept`
  return `${count}:\n${textTable(rows, '  ')}`
}
