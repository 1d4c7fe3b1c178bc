import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type JsonValue, ProblemError } from '#contract'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'

export const reviewCommand: Command = {
  words: 'review',
  summary: 'record the review an expert sent back',
  positionals: [{ name: 'FILE', doc: 'the review file, NAME.review.json' }],
  flags: { ...jsonFlag, ...projectFlag },
  notes: 'A review of another evaluation or model than its run recorded is refused.',
  async run({ given, io }) {
    const review = await readReview(path.resolve(io.cwd, given.positional('FILE')), given.positional('FILE'))
    const stored = await withEngine(currentProject(given, io), (engine) => engine.importReview({ review }))
    if (given.has('json')) io.out.write(`${JSON.stringify(stored, null, 2)}\n`)
    else
      io.out.write(
        `Recorded for run ${stored.run}: ${stored.reviewer}${stored.role ? ` (${stored.role})` : ''} says ${stored.decision.replaceAll('-', ' ')}.\n`,
      )
    return exitCodes.done
  },
}

async function readReview(file: string, name: string): Promise<JsonValue> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-unreadable',
        message: `There is no file ${name}.`,
        fix: 'Name the review file; its name ends in .review.json.',
      },
      { cause },
    )
  }
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-format',
        message: `${name} is not a review file: its text is not JSON.`,
        fix: 'Ask the reviewer to save it again from the report.',
      },
      { cause },
    )
  }
}
