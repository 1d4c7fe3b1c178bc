import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { type Automation, automationLevels, ProblemError } from '#contract'
import { batchFolder } from '#run/write-batch'

/** A batch that release/deploy has written: which version scores which files into which. */
const definitionSchema = z.strictObject({
  format: z.literal(1),
  model: z.string().min(1),
  version: z.int().min(1),
  /** A path or glob, relative to the project. */
  input: z.string().min(1),
  output: z.string().min(1),
  reasons: z.boolean(),
  /** What people decide of the scored rows. */
  automation: z.looseObject({ level: z.enum(automationLevels) }).optional(),
})
export type BatchDefinition = Omit<z.output<typeof definitionSchema>, 'automation'> & {
  readonly automation?: Automation | undefined
}

const ending = '.batch.json'

/** The definition of that name in the project. */
export function readDefinition(project: string, name: string): BatchDefinition {
  const file = path.join(project, batchFolder, `${name}${ending}`)
  if (!existsSync(file)) {
    const names = globSync(`*${ending}`, { cwd: path.join(project, batchFolder) }).map((one) =>
      one.slice(0, -ending.length),
    )
    throw new ProblemError({
      code: 'not-found',
      message: `This project has no batch "${name}".${names.length > 0 ? ` It has ${names.sort().join(', ')}.` : ''}`,
      fix: 'Name a model and files, as in "plumbline batch loans@production new.csv --out scored.csv", or write a batch with release/deploy.',
    })
  }
  const text = readFileSync(file, 'utf8')
  const parsed = definitionSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new ProblemError({
    code: 'file-format',
    message: `${path.basename(file)} is no batch definition: ${parsed.error.issues[0]!.message}.`,
    fix: 'Run the pipeline that writes it again.',
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Files that a path or glob names now, in the order of their names. */
export function filesOf(project: string, input: string): readonly string[] {
  const direct = path.resolve(project, input)
  if (existsSync(direct)) return [direct]
  const found = globSync(input.replaceAll('\\', '/'), { cwd: project }).map((file) => path.resolve(project, file))
  if (found.length > 0) return found.sort()
  throw new ProblemError({
    code: 'file-unreadable',
    message: `No file matches ${input}.`,
    fix: 'Put the files there that are to be scored.',
  })
}
