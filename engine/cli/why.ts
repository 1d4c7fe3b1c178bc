import { type NodeCheck, ProblemError } from '#contract'
import { nearest } from '#graph/nearest'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withEngine } from './open-engine.ts'
import { problemsText } from './problems-text.ts'
import { namedFile } from './project.ts'
import { readPipeline, readSettings, withSettings } from './read-pipeline.ts'

export const whyCommand: Command = {
  words: 'why',
  summary: 'say why a node would run again',
  positionals: [
    { name: 'FILE', doc: 'the pipeline file' },
    { name: 'NODE', doc: 'the id of a node in it' },
  ],
  flags: {
    set: { value: 'NAME=VALUE', many: true, doc: 'as if this were set, as with "run"' },
    ...jsonFlag,
    ...projectFlag,
  },
  async run({ given, io }) {
    const file = namedFile(given, io)
    const settings = readSettings(given.values('set'))
    const { document, problems } = await readPipeline(file)
    if (!document) throw new ProblemError(problems)
    const id = given.positional('NODE')
    const check = await withEngine(file.project, async (engine) => {
      const ready = withSettings(document, settings, file, await engine.catalogue(), io)
      return engine.check({ document: ready, file: file.file })
    })
    const node = check.nodes[id]
    if (!node) throw unknownNode(id, Object.keys(check.nodes))
    if (given.has('json'))
      io.out.write(
        `${JSON.stringify({ node: id, state: node.state, why: node.why ?? [], problems: node.problems }, null, 2)}\n`,
      )
    else io.out.write(`${whyText(id, node)}\n`)
    return exitCodes.done
  },
}

function unknownNode(id: string, ids: readonly string[]): ProblemError {
  const close = nearest(id, ids)
  return new ProblemError({
    code: 'not-found',
    message: `The pipeline has no node "${id}".`,
    fix: close ? `Name the node "${close}".` : `Name one of its nodes: ${[...ids].sort().join(', ')}.`,
  })
}

function whyText(id: string, { state, why = [], problems }: NodeCheck): string {
  const reasons = why.map((reason) => `  ${reason}`).join('\n')
  if (problems.length > 0) return `"${id}" can not run yet.\n\n${problemsText(problems)}`
  if (state === 'cached') return `"${id}" is up to date: a run takes it from the cache.`
  if (state === 'stale')
    return `"${id}" would run again, because since its last run:\n${reasons || '  something before it changed'}`
  if (state === 'not-configured') return `"${id}" is not ready to run.`
  return `"${id}" would run: nothing like it ran here before.${reasons ? `\n${reasons}` : ''}`
}
