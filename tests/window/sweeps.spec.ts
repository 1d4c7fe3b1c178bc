import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { nestedLoans, plainLoans } from './nested-groups.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

async function selectByArrows(page: Page, id: string) {
  const card = page.locator(`.node-card[data-node="${id}"]`)
  await expect(card).toBeVisible()
  for (let tries = 0; tries < 4 && (await card.getAttribute('data-selected')) !== 'true'; tries++)
    await page.keyboard.press('ArrowRight')
  await expect(card).toHaveAttribute('data-selected', 'true')
}

let folder = ''
let app: RunningApp
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-sweeps-'))
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ format: 1, name: 'Sweeping' }))
  const file = path.join(folder, 'sweeping.plumb.json')
  writeFileSync(file, JSON.stringify(plainLoans))
  app = await startApp([file])
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a sweep from a parameter: trials as lines and rows, narrowed by a mark, values used as one edit, opened again', async ({
  page,
}) => {
  const watched = watchPage(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(app.address)
  await page.locator('[data-node="model"]').click()
  const form = page.getByRole('complementary')
  await form.getByRole('button', { name: 'Sweep Penalty' }).click()
  const sheet = page.getByRole('dialog', { name: 'Sweep' })
  const start = sheet.getByRole('button', { name: 'Start' })
  await expect(start).toBeDisabled()
  await sheet.getByRole('textbox', { name: /^Values of/ }).fill('0.001..1000')
  await sheet.getByLabel('orders of magnitude').check()
  await sheet.getByLabel('Judged by').fill('judge.roc_auc')
  await page.screenshot({ path: test.info().outputPath('sweep-plan.png') })
  expect(await axeFindings(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Judge by the validation rows' }).click()
  await expect(sheet.getByText('no test of the best one')).toBeHidden()
  await start.click()

  await expect(sheet.getByRole('status')).toHaveText(/done: 5 of 5 trials/, { timeout: 60_000 })
  await expect(sheet.getByRole('group', { name: /Trials as lines over their settings\. 5 lines/ })).toBeVisible()
  const rows = sheet.locator('tbody tr')
  await expect(rows).toHaveCount(5)
  await expect(rows.first()).toContainText('best')
  await page.screenshot({ path: test.info().outputPath('sweep-done.png') })
  expect(await axeFindings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: test.info().outputPath('sweep-done-dark.png') })
  await page.emulateMedia({ colorScheme: 'light' })

  const area = sheet.locator('.report-brush-area').first()
  const box = (await area.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.4, { steps: 4 })
  await page.mouse.up()
  await expect(rows).toHaveCount(2)
  await area.click()
  await expect(rows).toHaveCount(5)
  await area.focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows).toHaveCount(4)
  await page.keyboard.press('Shift+ArrowUp')
  await expect(rows).toHaveCount(3)
  await page.keyboard.press('Delete')
  await expect(rows).toHaveCount(5)

  await sheet.locator('tr[data-trial="2"] button').press('Enter')
  await expect(sheet.getByText('Trial 2 is chosen.')).toBeVisible()
  await sheet.getByRole('button', { name: 'Use these values' }).click()
  await expect(sheet).toBeHidden()
  const penalty = form.locator('#model-penalty')
  await expect(penalty).toHaveValue('0.0316228')
  await page.locator('[data-node="model"]').click()
  await page.keyboard.press('Control+z')
  await expect(penalty).not.toHaveValue('0.0316228')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('Sweep parameters')
  await page.keyboard.press('Enter')
  await sheet.getByLabel('Sweeps of this pipeline').selectOption({ index: 1 })
  await expect(rows).toHaveCount(5)
  await sheet.getByRole('button', { name: 'Open its run' }).click()
  await expect(page.locator('.room').getByText('Evaluate').first()).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('sweep-run.png') })
  watched.expectNone()
})

test('a parameter two groups deep is swept from its form by keys, and its best value used as one edit', async ({
  page,
}) => {
  const watched = watchPage(page)
  const file = path.join(folder, 'grouped.plumb.json')
  writeFileSync(file, JSON.stringify(nestedLoans))
  await app.stop()
  app = await startApp([file])
  await page.goto(app.address)
  for (const group of ['model', 'inside']) {
    await selectByArrows(page, group)
    await page.keyboard.press('Enter')
  }
  await selectByArrows(page, 'linear')
  const form = page.getByRole('complementary')
  await form.getByRole('button', { name: 'Sweep Penalty' }).press('Enter')
  const sheet = page.getByRole('dialog', { name: 'Sweep' })
  await expect(sheet.locator('.sweep-name')).toContainText('Outer › Inner › Linear model')
  await sheet.getByRole('textbox', { name: /^Values of/ }).fill('0.01, 100')
  await sheet.getByLabel('Judged by').fill('judge.roc_auc')
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('status')).toHaveText(/done: 2 of 2 trials/, { timeout: 60_000 })
  await expect.poll(() => readFileSync(file, 'utf8')).not.toContain('penalty')
  await sheet.locator('tr[data-trial="2"] button').press('Enter')
  await sheet.getByRole('button', { name: 'Use these values' }).press('Enter')
  await expect(form.locator('#linear-penalty')).toHaveValue('100')
  await page.locator('[data-node="linear"]').click()
  await page.keyboard.press('Control+z')
  await expect(form.locator('#linear-penalty')).not.toHaveValue('100')
  watched.expectNone()
})
