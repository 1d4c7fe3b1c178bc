import { expect, type Page } from '@playwright/test'
import { node } from '../window/build-pipeline.ts'

/** One screen of the app: how a user gets there from the canvas of the nine stages, and back to it. */
export interface Screen {
  readonly name: string
  readonly shows: string
  readonly open: (page: Page) => Promise<unknown>
  readonly close?: (page: Page) => Promise<unknown>
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const room = (name: string) => (page: Page) => button(page, name).click()
const build = room('Build')
const pressEscape = (page: Page) => page.keyboard.press('Escape')
const undo = (page: Page) => page.keyboard.press('Control+z')

const at = (id: string, tab: string) => async (page: Page) => {
  await node(page, id).click()
  await page.getByRole('tab', { name: tab, exact: true }).click()
}
const press =
  (keys: string, id = 'linear') =>
  async (page: Page) => {
    await node(page, id).click()
    await page.keyboard.press(keys)
  }
const dock = (name: string, id: string) => async (page: Page) => {
  await node(page, id).click()
  await page.getByRole('region', { name: 'Data and runs' }).getByRole('tab', { name }).click()
}

async function clickWire(page: Page, id: string): Promise<void> {
  const { x, y } = await page.locator(`[data-wire="${id}"] path.wire-line`).evaluate((element) => {
    const line = element as SVGPathElement
    const { x, y } = line.getPointAtLength(0.5 * line.getTotalLength()).matrixTransform(line.getScreenCTM()!)
    return { x, y }
  })
  await page.mouse.click(x, y)
}

async function group(page: Page): Promise<void> {
  await node(page, 'prepare').click()
  await node(page, 'linear').click({ modifiers: ['Control'], position: { x: 20, y: 12 } })
  await page.keyboard.press('Control+g')
  await page.keyboard.press('Enter')
}

export const screens: readonly Screen[] = [
  { name: 'start', shows: 'The start page', open: room('Plumbline, start page'), close: build },
  { name: 'canvas', shows: 'The nine stages after a run', open: dock('Data', 'validate') },
  {
    name: 'quick-insert',
    shows: 'Quick insert: what fits behind the chosen node comes first',
    open: press('/'),
    close: pressEscape,
  },
  { name: 'command-palette', shows: 'Every command by name', open: press('Control+k'), close: pressEscape },
  { name: 'keys', shows: 'Keys, and how to change them', open: press('?'), close: pressEscape },
  { name: 'outline', shows: 'The outline: the canvas as a tree', open: press('Alt+o'), close: room('Nodes') },
  { name: 'settings', shows: 'The settings of a node', open: at('boosting', 'Settings') },
  { name: 'about', shows: 'What a node does, with formula and source', open: at('audit', 'About') },
  { name: 'fairness', shows: 'Result: the fairness audit', open: at('audit', 'Result') },
  { name: 'explanation', shows: 'Result: what moved the decisions', open: at('shap', 'Result') },
  { name: 'reasons', shows: 'Result: reasons for single decisions', open: at('reasons', 'Result') },
  { name: 'search', shows: 'Result: the front of the architecture search', open: at('search', 'Result') },
  { name: 'slices', shows: 'Result: slices, the worst first', open: at('slices', 'Result') },
  {
    name: 'linked-views',
    shows: 'Rows chosen by a bar of a column: every view follows',
    open: async (page) => {
      await dock('Data', 'split')(page)
      await page
        .getByRole('listbox', { name: 'employment: choose rows by its values' })
        .getByRole('option', { name: /^self-employed/ })
        .click()
    },
    close: pressEscape,
  },
  { name: 'columns', shows: 'The columns behind a node', open: dock('Columns', 'split') },
  { name: 'timeline', shows: 'The timeline of the run, with its critical path', open: dock('Timeline', 'split') },
  {
    name: 'advice',
    shows: 'Advice on a mistake in machine learning, with a cure to click',
    open: async (page) => {
      await press('Control+Delete', 'split')(page)
      await dock('Advice', 'linear')(page)
    },
    close: async (page) => {
      await node(page, 'linear').click()
      await undo(page)
      await dock('Data', 'validate')(page)
    },
  },
  {
    name: 'wire',
    shows: 'A wire: rows in and out, rows lost by group, assertions',
    open: (page) => clickWire(page, 'validate.table→split.table'),
  },
  {
    name: 'row',
    shows: 'One row back to its file',
    open: async (page) => {
      await dock('Data', 'split')(page)
      await page.locator('[data-trace="3"]').click()
    },
    close: pressEscape,
  },
  {
    name: 'problem',
    shows: 'A problem: what is wrong, where, and a cure to click',
    open: async (page) => {
      await at('split', 'Settings')(page)
      await page.getByLabel('Method', { exact: true }).selectOption('grouped')
      await expect(page.locator('.node-card[data-node="split"]')).toHaveAttribute('data-state', 'not-configured')
      await page.keyboard.press('F8')
    },
    close: async (page) => {
      await node(page, 'split').click()
      await undo(page)
    },
  },
  {
    name: 'group',
    shows: 'Inside a group, with its ports at the edges',
    open: group,
    close: async (page) => {
      await page.keyboard.press('Control+ArrowUp')
      await undo(page)
    },
  },
  {
    name: 'sweep',
    shows: 'The plan of a sweep',
    open: async (page) => {
      await at('linear', 'Settings')(page)
      await page.getByRole('button', { name: 'Sweep Penalty' }).click()
    },
    close: pressEscape,
  },
  { name: 'history', shows: 'States of the file, and how they differ', open: press('Alt+h'), close: pressEscape },
  { name: 'runs', shows: 'Runs beside each other', open: room('Runs'), close: build },
  { name: 'models', shows: 'Models, their versions and stages', open: room('Models'), close: build },
  { name: 'reviews', shows: 'Reviews by subject-matter experts', open: room('Reviews'), close: build },
  { name: 'lineage', shows: 'Lineage of every artifact', open: room('Lineage'), close: build },
]
