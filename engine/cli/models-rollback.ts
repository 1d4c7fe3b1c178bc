import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#store/database'
import { livingServers } from '#store/model-servers'
import { rollbackModel } from '#store/registry'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'

export const modelsRollbackCommand: Command = {
  words: 'models rollback',
  summary: 'let the version answer again that was in production before',
  positionals: [{ name: 'NAME', doc: 'the name it is registered under' }],
  flags: projectFlag,
  notes:
    'Again goes one further back. A run does not bring back what was rolled back; "plumbline models promote" does.',
  async run({ given, io }) {
    const name = given.positional('NAME')
    const project = currentProject(given, io)
    const { from, to } = withRegistry(project, (db) => rollbackModel(db, name))
    io.out.write(`${name} version ${to} is in production again, version ${from} is not.\n`)
    for (let waited = 0; waited <= patienceMs; waited += lookEveryMs) {
      const servers = withRegistry(project, (db) => following(db, name))
      if (servers.every(({ version }) => version === to)) {
        for (const { address } of servers) io.out.write(`It answers at ${address}\n`)
        return exitCodes.done
      }
      await pause(lookEveryMs)
    }
    io.error.write('A server has not switched yet; see "plumbline models".\n')
    return exitCodes.failed
  },
}

const patienceMs = 5_000
const lookEveryMs = 50

const following = (db: Database, name: string) =>
  livingServers(db).filter((server) => server.name === name && server.selector === 'production')
