import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

let app: RunningApp
test.beforeEach(async ({ page }) => {
  app = await startInFolder('start')
  await page.goto(app.address)
})
test.afterEach(() => app?.stop())

const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const csv = `income,approved\n${Array.from({ length: 60 }, (_, row) => `${row},${row % 2 ? 'yes' : 'no'}`).join('\n')}\n`
const widget = (id: number, kind: string, name: string) =>
  `<node id="${id}" name="${name}" qualified_name="${kind}" project_name="Orange3" version="" title="${name}" position="(${id * 150}, 100)" />`
const workflow = `<?xml version='1.0' encoding='utf-8'?>
<scheme version="2.0" title="Heart" description=""><nodes>${widget(0, 'Orange.widgets.data.owfile.OWFile', 'File')}${widget(
  1,
  'Orange.widgets.unsupervised.owkmeans.OWKMeans',
  'k-Means',
)}</nodes><links></links><annotations /><node_properties /></scheme>`

/** A file let go over the window. */
async function drop(page: Page, name: string, text: string) {
  const transfer = await page.evaluateHandle(
    ([file, content]) => {
      const data = new DataTransfer()
      data.items.add(new File([content], file))
      return data
    },
    [name, text] as const,
  )
  await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
}

test('by mouse: a table dropped on the window starts a pipeline that runs; a workflow of Orange says what it lacks', async ({
  page,
}) => {
  const watched = watchPage(page)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await drop(page, 'people.csv', csv)
  await expect(page.locator('[data-node]')).toHaveCount(5)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('.node-card[data-state="done"]')).toHaveCount(5)
  await card(page, 'split').locator('header').click()
  await page.getByRole('tab', { name: 'About' }).click()
  await expect(page.locator('.about')).toContainText('MurmurHash3, Appleby 2011')
  await page.getByRole('button', { name: 'Plumbline, start page' }).click()
  await expect(page.getByRole('region', { name: 'Recent pipelines' })).toContainText('people')
  await drop(page, 'heart.ows', workflow)
  await expect(page.locator('.notices')).toContainText('1 of 2 widgets became nodes')
  await expect(page.locator('.note-card')).toContainText('k-Means')
  watched.expectNone()
})

test('by keys: a table chosen from the start page, recent pipelines opened again', async ({ page }) => {
  const chooser = page.waitForEvent('filechooser')
  await page.locator('.drop-card').getByRole('button').press('Enter')
  await (await chooser).setFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(page.locator('[data-node]')).toHaveCount(5)
  await expect(page.locator('.crumbs')).toContainText('saved')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-state="done"]')).toHaveCount(5)
  await page.getByRole('button', { name: 'Plumbline, start page' }).press('Enter')
  await page.getByRole('region', { name: 'Recent pipelines' }).getByRole('button').first().press('Enter')
  await expect(page.locator('[data-node]')).toHaveCount(5)
})
