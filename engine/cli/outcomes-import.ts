import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '#contract'
import { importOutcomes } from '#serve/import-outcomes'
import { type GivenOutcome, parseOutcomes } from '#serve/parse-outcomes'
import { requestLogFile } from '#serve/request-log-file'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'

export const outcomesImportCommand: Command = {
  words: 'outcomes import',
  summary: 'tell what became of rows that a served model answered',
  positionals: [{ name: 'FILE', doc: 'JSON as POST /v1/outcomes takes it, or one outcome a line' }],
  flags: projectFlag,
  notes: `
One outcome: {"request": "8d3c…", "row": 0, "outcome": "yes"}. The request is the id in the answer and in the request log.
An outcome that a row has already stays.`,
  async run({ given, io }) {
    const file = given.positional('FILE')
    const outcomes = outcomesOf(readText(path.resolve(io.cwd, file)), file)
    const project = currentProject(given, io)
    const { stored, known, unknown } = withRegistry(project, (db) =>
      importOutcomes(db, requestLogFile(project), outcomes),
    )
    io.out.write(`${stored} kept, ${known} known before, ${unknown} of requests that the log does not have.\n`)
    return exitCodes.done
  },
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ProblemError(
      { code: 'file-unreadable', message: `The file ${file} can not be read.`, fix: 'Check its name.' },
      { cause },
    )
  }
}

function outcomesOf(text: string, file: string): readonly GivenOutcome[] {
  const parsed = parseOutcomes(bodyOf(text, file))
  if ('outcomes' in parsed) return parsed.outcomes
  throw new ProblemError({
    code: 'file-format',
    message: `${file}: ${parsed.error}`,
    fix: 'Write outcomes as "plumbline outcomes import --help" shows.',
  })
}

/** The whole as JSON, or a line each. */
function bodyOf(text: string, file: string): unknown {
  try {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    const first = JSON.parse(
      lines.length > 0 && /^\s*\{.*\}\s*$/.test(lines[0]!) && !/"outcomes"\s*:/.test(lines[0]!) ? lines[0]! : text,
    )
    return 'outcomes' in first ? first : { outcomes: lines.map((line) => JSON.parse(line)) }
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-format',
        message: `The file ${file} is neither JSON nor a JSON object a line.`,
        fix: 'Write outcomes as "plumbline outcomes import --help" shows.',
      },
      { cause },
    )
  }
}
