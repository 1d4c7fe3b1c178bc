import { modelStages } from '#contract'
import { promoteModel } from '#store/registry'
import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'

export const modelsPromoteCommand: Command = {
  words: 'models promote',
  summary: 'move a version of a model to a stage',
  positionals: [
    { name: 'NAME', doc: 'the name it is registered under' },
    { name: 'VERSION', doc: 'the number of the version' },
  ],
  flags: { stage: { value: 'STAGE', doc: `${modelStages.join(', ')} (default: production)` }, ...projectFlag },
  notes: 'Servers that follow the stage switch at once. Roles that the stage requires must have approved the model.',
  async run({ given, io }) {
    const name = given.positional('NAME')
    const version = Number(given.positional('VERSION').replace(/^v/, ''))
    if (!Number.isInteger(version))
      throw new UsageError(
        `"${given.positional('VERSION')}" is no version.`,
        'Write its number, as in "plumbline models".',
      )
    const wanted = given.value('stage') ?? 'production'
    const stage = modelStages.find((one) => one === wanted)
    if (!stage) throw new UsageError(`There is no stage "${wanted}".`, `Use one of ${modelStages.join(', ')}.`)
    withRegistry(currentProject(given, io), (db) => promoteModel(db, { name, version, stage }))
    io.out.write(`${name} version ${version} is in ${stage}.\n`)
    return exitCodes.done
  },
}
