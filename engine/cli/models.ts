import { listModels } from '#store/read-registry'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const modelsCommand: Command = {
  words: 'models',
  summary: 'list registered models',
  positionals: [],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const models = withRegistry(currentProject(given, io), listModels)
    if (given.has('json')) io.out.write(`${JSON.stringify(models, null, 2)}\n`)
    else if (models.length === 0) io.out.write('No model is registered. A release/register node enters one.\n')
    else {
      const rows = models.map(({ name, versions, servers }) => {
        const serving = versions.find(({ stage }) => stage === 'production')
        return [
          name,
          `${versions.length} ${versions.length === 1 ? 'version' : 'versions'}`,
          serving ? `version ${serving.version} in production` : 'none in production',
          servers.map(({ address, version }) => `version ${version} at ${address}`).join(', ') || 'not served now',
        ]
      })
      io.out.write(`${textTable(rows)}\n`)
    }
    return exitCodes.done
  },
}

export const modelsListCommand: Command = { ...modelsCommand, words: 'models list' }
