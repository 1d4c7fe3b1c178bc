import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A container folder that runs as it stands, without its image. */
export interface TestingContainer {
  readonly origin: string
  ask(rows: readonly unknown[], query?: string): Promise<Response>
  close(): Promise<void>
}

export async function startContainer(folder: string): Promise<TestingContainer> {
  const packages = path.join(folder, 'node_modules')
  if (!existsSync(packages)) symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), packages, 'junction')
  const child: ChildProcess = spawn(process.execPath, ['engine/serve/container-server.ts'], {
    cwd: folder,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1' },
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream!.on('data', (chunk) => {
      words += chunk
    })
  while (!/answers at (\S+)/.test(words) && child.exitCode === null) await pause(50)
  const [, origin] = /answers at (\S+)/.exec(words) ?? []
  if (!origin) throw new Error(`The container did not start: ${words}`)
  return {
    origin,
    ask: (rows, query = '') =>
      fetch(`${origin}/v1/predict${query}`, { method: 'POST', body: JSON.stringify({ rows }) }),
    async close() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
