import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { currentProject } from './project.ts'

export const defaultPort = 8600

export const serveCommand: Command = {
  words: 'serve',
  lasts: true,
  summary: 'answer requests with a registered model',
  positionals: [{ name: 'MODEL', doc: 'NAME@STAGE, NAME@VERSION or NAME@ALIAS; NAME alone means NAME@production' }],
  flags: {
    port: { value: 'N', doc: `the port (default: ${defaultPort}; 0 takes any)` },
    host: { value: 'ADDRESS', doc: 'the address to listen at (default: 127.0.0.1, this machine only)' },
    ...projectFlag,
  },
  notes: `
Example: plumbline serve loan-approvals@production

It answers POST /v1/predict and the Open Inference Protocol under /v2, and follows the registry: a promotion or rollback
switches versions without a failed request. /openapi.json describes it, /metrics counts. Ctrl+C lets requests end.
There is no password: listen at another address than this machine's own only behind something that asks for one.`,
  async run({ given, io }) {
    const [name, selector = 'production'] = given.positional('MODEL').split('@') as [string, string?]
    const port = portOf(given.value('port'))
    const { serveRegistered } = await import('#serve/serve-registered')
    const server = await serveRegistered({
      project: currentProject(given, io),
      name,
      selector,
      port,
      host: given.value('host') ?? '127.0.0.1',
      onSwitch: (version) => io.out.write(`Version ${version} answers now.\n`),
    })
    const stopped = new Promise<void>((resolve) => {
      const release = io.onInterrupt(() => {
        release()
        resolve()
      })
    })
    io.out.write(`${name} version ${server.version()} answers at ${server.origin}\n`)
    await stopped
    await server.close()
    io.out.write('Stopped; no request was cut off.\n')
    return exitCodes.done
  },
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? defaultPort : Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`"${text}" is no port.`, 'Write a number from 0 to 65535.')
}
