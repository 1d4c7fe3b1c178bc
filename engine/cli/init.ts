import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnyNode, PipelineDocument } from '#contract'
import { printDocument } from '#graph/print'
import { type Command, exitCodes } from './command.ts'

export const initCommand: Command = {
  words: 'init',
  summary: 'make a project folder',
  positionals: [{ name: 'DIR', doc: 'the folder, new or not; what is in it stays as it is' }],
  flags: {},
  async run({ given, io }) {
    const [{ initProject }, { catalogue }] = await Promise.all([import('#run/projects'), import('#nodes')])
    const folder = path.resolve(io.cwd, given.positional('DIR'))
    const written = [...initProject(folder)]
    const file = path.join(folder, 'first.plumb.json')
    if (!existsSync(file)) {
      await writeFile(file, printDocument(firstPipeline(catalogue)))
      written.push(path.basename(file))
    }
    const shown = path.relative(io.cwd, folder) || '.'
    io.out.write(
      written.length > 0
        ? `Wrote ${written.join(', ')} in ${shown}.\n`
        : `${shown} is a project already; nothing was changed.\n`,
    )
    const next = path.join(shown, 'first.plumb.json')
    io.out.write(`Next: plumbline open ${/^[\w./\\:-]+$/.test(next) ? next : `"${next}"`}\n`)
    return exitCodes.done
  },
}

/** A pipeline that runs as it is: example data, a split, a linear model, its evaluation. */
function firstPipeline(catalogue: readonly AnyNode[]): PipelineDocument {
  const versions = new Map(catalogue.map((node) => [node.type as string, node.version]))
  const types = { rows: 'data/example', split: 'data/split', model: 'train/linear', evaluate: 'assess/evaluate' }
  const node = (type: string) => ({ type, version: versions.get(type) ?? 1, params: {} })
  return {
    format: 1,
    name: 'First pipeline',
    description: 'Example data, a split, a linear model and how good it is. Change it, or start anew.',
    seed: 1,
    nodes: Object.fromEntries(Object.entries(types).map(([id, type]) => [id, node(type)])),
    edges: [
      { from: 'rows.table', to: 'split.table' },
      { from: 'split.table', to: 'model.table' },
      { from: 'split.table', to: 'evaluate.table' },
      { from: 'model.model', to: 'evaluate.model' },
    ],
    inputs: {},
    layout: { rows: [0, 0], split: [260, 0], model: [520, 0], evaluate: [780, 0] },
    frames: [],
    notes: [],
  }
}
