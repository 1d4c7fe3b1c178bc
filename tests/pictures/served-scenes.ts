import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { Scene } from './scenes.ts'

const nine = 'nine-stages.plumb.json'
const model = 'loan-approvals'
const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
const room = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Sets parameters in the file and runs it to its end. */
function deploy(folder: string, changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void {
  const file = path.join(folder, nine)
  const document = JSON.parse(readFileSync(file, 'utf8'))
  for (const [node, params] of Object.entries(changes)) Object.assign(document.nodes[node].params, params)
  writeFileSync(file, JSON.stringify(document))
  execFileSync(process.execPath, [bin, 'run', file], { stdio: 'ignore' })
}

/** The first people of the example, as rows that a model is asked. */
function people(folder: string, count: number): readonly Readonly<Record<string, unknown>>[] {
  const [head, ...lines] = readFileSync(path.join(folder, 'loans.csv'), 'utf8').trim().split('\n')
  const names = head!.split(',')
  const cell = (text: string) => (text === '' ? null : Number.isNaN(Number(text)) ? text : Number(text))
  return lines.slice(0, count).map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, at) => [name, cell(cells[at]!)]).filter(([name]) => name !== 'approved'))
  })
}

/** Serves what is in production and asks it for each person. */
async function askFor(folder: string, count: number): Promise<void> {
  const words = ['serve', `${model}@production`, '--port', '0', '--project', folder]
  const server = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const origin = await addressOf(server)
  for (const row of people(folder, count)) {
    const asked = await fetch(`${origin}/v1/predict`, { method: 'POST', body: JSON.stringify({ rows: [row] }) })
    expect(asked.status, await asked.text()).toBe(200)
  }
  const ended = once(server, 'exit')
  server.kill('SIGINT')
  await ended
}

async function addressOf(server: ChildProcess): Promise<string> {
  for await (const text of server.stdout!) {
    const found = /answers at (http:\S+)/.exec(String(text))
    if (found) return found[1]!
  }
  throw new Error('The server gave no address')
}

/** Screens that need a model that was asked. */
export const servedScenes: readonly Scene[] = [
  {
    name: 'queue',
    shows: 'Cases that wait for a person, with what the model suggests and why',
    pipeline: nine,
    prepare: (folder) => deploy(folder, { deploy: { automation: 'suggest' } }),
    open: async (page, folder) => {
      await askFor(folder, 40)
      await room(page, 'Queue')
      await page.getByRole('button', { name: /^Take the next case/ }).click()
      const waiting = page.getByText(/\d+ cases waiting/)
      for (let left = 40; left > 29; left--) {
        await expect(waiting).toContainText(`${left} cases`)
        // Keys decide about the case that is shown, not about the next one on its way.
        await expect(page.getByRole('button', { name: /^yes/ })).toBeEnabled()
        await page.keyboard.press(left % 4 === 1 ? 'r' : 'a')
      }
    },
  },
  {
    name: 'rollout',
    shows: 'A new version that answers a share of people, watched by guards',
    pipeline: nine,
    prepare: (folder) => {
      deploy(folder, {})
      deploy(folder, { linear: { penalty: 0.001 }, deploy: { rollout: 'canary', steps: '25, 50' } })
    },
    open: async (page, folder) => {
      await askFor(folder, 1_500)
      await room(page, 'Models')
      await expect(page.getByRole('region', { name: /^Rollout/ })).toBeVisible()
    },
  },
]
