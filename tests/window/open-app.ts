import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'

const root = path.resolve(import.meta.dirname, '../..')

/** Plumbline as `npm start -- --no-window` runs it once everything is installed. */
export interface RunningApp {
  /** An address that opens one window. */
  readonly address: string
  stop(): Promise<void>
  /** Ends it at once, without a last word. */
  kill(): Promise<void>
}

export async function startApp(parameters: readonly string[] = []): Promise<RunningApp> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/open.mjs'), '--no-window', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { address: await printedAddress(child), stop: () => stop(child), kill: () => stop(child, 'SIGKILL') }
}

/** The app on a fresh folder: with copies of the examples and one of them open, or with nothing. */
export async function startInFolder(
  name: string,
  open?: string,
  prepare?: (folder: string) => void,
): Promise<RunningApp & { readonly folder: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `plumbline-${name}-`))
  const examples = path.join(root, 'examples')
  for (const file of open ? readdirSync(examples).filter((one) => !one.startsWith('.')) : [])
    cpSync(path.join(examples, file), path.join(folder, file), { recursive: true })
  prepare?.(folder)
  const app = await startApp([open ? path.join(folder, open) : folder])
  return {
    ...app,
    folder,
    async stop() {
      await app.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = ''
    const read = (chunk: Buffer) => {
      words += chunk
      const address = /http:\/\/127\.0\.0\.1:\d+\/\S*#code=[\w-]+/.exec(words)
      if (address) resolve(address[0])
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', (code) => reject(new Error(`The app ended with ${code} before it gave its address:\n${words}`)))
  })
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** Everything that goes wrong in a page: console errors, refusals of the content policy, uncaught errors, other hosts. */
export function watchPage(page: Page): { readonly wrongs: readonly string[]; expectNone(): void } {
  const wrongs: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(message.text())
  })
  page.on('pageerror', (error) => wrongs.push(String(error)))
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (!['data:', 'blob:'].includes(protocol) && hostname !== '127.0.0.1') wrongs.push(`asked ${request.url()}`)
  })
  return { wrongs, expectNone: () => expect(wrongs).toEqual([]) }
}
