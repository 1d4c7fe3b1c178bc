import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LintFinding, PipelineDocument } from '#contract'
import { applyEdits } from '#graph/apply-edits'
import { lintDocument } from '#graph/lint/lint-document'
import { printDocument } from '#graph/print'
import { checkWithoutStore } from './check-without-store.ts'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { problemsText } from './problems-text.ts'
import { namedFile } from './project.ts'
import { readPipeline } from './read-pipeline.ts'
import { type KnownNodes, withNodes } from './with-nodes.ts'

export const lintCommand: Command = {
  words: 'lint',
  summary: 'find mistakes in machine learning that a run would not show',
  positionals: [{ name: 'FILE', doc: 'the pipeline file, NAME.plumb.json' }],
  flags: {
    fix: { doc: 'apply the cure of every finding and save the file' },
    ...jsonFlag,
    ...projectFlag,
  },
  notes: 'Exit codes: 0 nothing found, or all of it cured; 1 findings; 2 the file can not be read.',
  async run({ given, io }) {
    const file = namedFile(given, io)
    const read = await readPipeline(file)
    if (!read.document) {
      io.out.write(`${problemsText(read.problems)}\n`)
      return exitCodes.badInput
    }
    const before = read.document
    const { document, findings, cured } = await withNodes({ project: file.project, documents: [before] }, (nodes) => {
      const lint = (document: PipelineDocument) => lintFile(document, file.project, nodes)
      return given.has('fix') ? cureAll(before, lint) : lintOnly(before, lint)
    })
    if (cured.length > 0) await writeFile(path.join(file.project, file.file), printDocument(document))
    if (given.has('json')) io.out.write(`${JSON.stringify({ findings, cured }, null, 2)}\n`)
    else io.out.write(findingsText(file.file, document, findings, cured))
    return findings.length === 0 ? exitCodes.done : exitCodes.failed
  },
}

async function lintFile(
  document: PipelineDocument,
  project: string,
  nodes: KnownNodes,
): Promise<readonly LintFinding[]> {
  return lintDocument(document, nodes.cards, await checkWithoutStore(document, project, nodes))
}

interface Cured {
  readonly document: PipelineDocument
  readonly findings: readonly LintFinding[]
  readonly cured: readonly LintFinding[]
}

type Lint = (document: PipelineDocument) => Promise<readonly LintFinding[]>

async function lintOnly(document: PipelineDocument, lint: Lint): Promise<Cured> {
  return { document, findings: await lint(document), cured: [] }
}

const mostCures = 200

/** One cure after the other, each on what the one before left, since they may touch the same wires. */
async function cureAll(document: PipelineDocument, lint: Lint, cured: readonly LintFinding[] = []): Promise<Cured> {
  const findings = await lint(document)
  const told = (one: LintFinding) =>
    cured.some(({ rule, node, message }) => rule === one.rule && node === one.node && message === one.message)
  const next = findings.find((one) => one.cure.edits.length > 0 && !told(one))
  if (!next || cured.length === mostCures) return { document, findings, cured }
  return cureAll(applyEdits(document, next.cure.edits), lint, [...cured, next])
}

function findingsText(
  file: string,
  document: PipelineDocument,
  findings: readonly LintFinding[],
  cured: readonly LintFinding[],
): string {
  const one = ({ rule, node, message, why, cure }: LintFinding) =>
    `${message}\n  ${why}\n  Cure: ${cure.label}.${cure.note ? ` ${cure.note}` : ''} (${rule}, ${document.nodes[node]?.title ?? node})\n\n`
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const done = cured.map(({ cure }) => `Done: ${cure.label}.\n`).join('')
  return `${findings.map(one).join('')}${done}${file}: ${findings.length === 0 ? 'no findings' : count(findings.length, 'finding')}.\n`
}
