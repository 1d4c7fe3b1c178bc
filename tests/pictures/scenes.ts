import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import { node } from '../window/build-pipeline.ts'

/** A screen that needs a window of its own: the pipeline it opens, and how a user gets there. */
export interface Scene {
  readonly name: string
  readonly shows: string
  readonly pipeline?: string
  readonly prepare?: (folder: string) => void
  readonly open: (page: Page, folder: string) => Promise<unknown>
}

const loans = 'loan-approval.plumb.json'
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

export async function runAll(page: Page, keys: string): Promise<void> {
  await page.keyboard.press(keys)
  await expect(button(page, 'Stop')).toBeVisible()
  await expect(button(page, 'Stop')).toHaveCount(0, { timeout: 90_000 })
}

const customNode = `import { z } from 'zod'
import { defineNode } from '#contract'

export default defineNode({
  type: 'custom/few',
  version: 1,
  title: 'A few rows',
  doc: 'Keeps the first rows of a table.',
  inputs: { table: { type: 'table', doc: 'Rows to keep from' } },
  outputs: { table: { type: 'table', doc: 'The rows that were kept' } },
  params: z.object({ rows: z.int().min(1).default(10).meta({ title: 'Rows', description: 'How many rows to keep' }) }),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs }) => ({ table: inputs.table }),
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`

export const scenes: readonly Scene[] = [
  {
    name: 'tour',
    shows: 'The tour that wires a first pipeline',
    open: async (page) => {
      await button(page, 'Take the tour').click()
      const tour = page.getByRole('region', { name: 'Your first pipeline' })
      for (const step of [2, 3]) {
        await tour.getByRole('button', { name: 'Do it for me' }).click()
        await expect(tour).toContainText(`Step ${step} of 6`)
      }
    },
  },
  {
    name: 'custom-nodes',
    shows: 'Nodes of the project, before they are trusted',
    pipeline: loans,
    prepare: (folder) => {
      const own = path.join(folder, 'custom-nodes', 'few')
      mkdirSync(own, { recursive: true })
      writeFileSync(path.join(own, 'node.ts'), customNode)
      writeFileSync(path.join(own, 'permissions.json'), '{"read": ["data"], "network": true}')
    },
    open: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('custom nodes')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('dialog', { name: 'Custom nodes' })).toContainText('few')
    },
  },
  {
    name: 'sweep-done',
    shows: 'Trials of a sweep as lines over their settings',
    pipeline: loans,
    open: async (page) => {
      await node(page, 'model').click()
      await button(page, 'Sweep Penalty').click()
      const sheet = page.getByRole('dialog', { name: 'Sweep' })
      await sheet.getByRole('textbox', { name: /^Values of/ }).fill('0.001..1000')
      await sheet.getByLabel('orders of magnitude').check()
      await sheet.getByLabel('Judged by').fill('evaluate.roc_auc')
      await button(page, 'Start').click()
      await expect(sheet.getByRole('status')).toHaveText(/done: 5 of 5 trials/, { timeout: 90_000 })
    },
  },
  {
    name: 'difference',
    shows: 'What changed since a run: words, figures and marks',
    pipeline: loans,
    open: async (page) => {
      await runAll(page, 'Control+Enter')
      await node(page, 'model').click()
      await page.getByLabel('Penalty', { exact: true }).fill('10')
      await page.keyboard.press('Enter')
      await node(page, 'split').click()
      await runAll(page, 'Control+Enter')
      await page.keyboard.press('Alt+h')
      await page
        .getByRole('navigation', { name: 'States of this pipeline' })
        .getByRole('button', { name: /^Run/ })
        .last()
        .click()
    },
  },
  {
    name: 'search-live',
    shows: 'A search draws its front while it runs, and can be finished early',
    pipeline: 'small-images.plumb.json',
    open: async (page) => {
      await page.keyboard.press('Control+Enter')
      await node(page, 'search').click()
      await expect(node(page, 'search')).toHaveAttribute('data-state', 'running', { timeout: 60_000 })
      await page.getByRole('tab', { name: 'Result', exact: true }).click()
      await page.waitForTimeout(6_000)
    },
  },
  {
    name: 'conflict',
    shows: 'The file was changed elsewhere: nothing is overwritten until somebody decides',
    pipeline: loans,
    open: async (page, folder) => {
      const file = path.join(folder, loans)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.slice(0, text.length / 2))
      await expect(page.locator('.banner')).toContainText('can not be read as a pipeline any more')
      const name = page.getByRole('textbox', { name: 'Name of the pipeline' })
      await name.fill('Mine')
      await name.press('Enter')
      writeFileSync(file, JSON.stringify({ ...JSON.parse(text), name: 'Theirs' }))
      await button(page, 'Decide…').click()
      await expect(page.getByRole('dialog', { name: 'Which version stays?' })).toBeVisible()
    },
  },
  {
    name: 'chart',
    shows: 'A chart of a result, enlarged',
    pipeline: loans,
    open: async (page) => {
      await runAll(page, 'Control+Enter')
      await node(page, 'evaluate').click()
      await page.getByRole('tab', { name: 'Result', exact: true }).click()
      await page
        .getByRole('complementary')
        .getByRole('button', { name: /^Enlarge ./ })
        .first()
        .click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await page.waitForTimeout(1_500)
    },
  },
]
