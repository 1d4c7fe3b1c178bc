import { test } from '@playwright/test'
import { node } from '../window/build-pipeline.ts'
import { startInFolder } from '../window/open-app.ts'
import { inEveryLook, keepingFailure, openAlbum, takePicture, wide } from './album.ts'
import { runAll, scenes } from './scenes.ts'
import { screens } from './screens.ts'
import { servedScenes } from './served-scenes.ts'

test.setTimeout(900_000)
test.beforeAll(() => openAlbum([...screens, ...scenes, ...servedScenes]))

test('screens of one pipeline', async ({ page }) => {
  const app = await startInFolder('pictures', 'nine-stages.plumb.json')
  page.setDefaultTimeout(15_000)
  await page.setViewportSize(wide)
  await page.goto(app.address)
  await node(page, 'deploy').waitFor()
  await runAll(page, 'Control+Enter')
  await node(page, 'linear').click()
  await page.getByLabel('Penalty', { exact: true }).fill('10')
  await page.keyboard.press('Enter')
  await node(page, 'split').click()
  await runAll(page, 'Control+Alt+Enter')
  await inEveryLook(page, async (suffix) => {
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    await page.waitForTimeout(500)
    for (const screen of screens) {
      await keepingFailure(page, screen.open(page))
      await takePicture(page, screen.name, suffix)
      await screen.close?.(page)
      await page.waitForTimeout(200)
    }
  })
  await app.stop()
})

for (const { name, pipeline, prepare, open } of [...scenes, ...servedScenes])
  test(name, async ({ page }) => {
    const app = await startInFolder(name, pipeline, prepare)
    page.setDefaultTimeout(30_000)
    await page.setViewportSize(wide)
    await page.goto(app.address)
    if (pipeline) await page.locator('[data-node]').first().waitFor()
    await keepingFailure(page, open(page, app.folder))
    await inEveryLook(page, (suffix) => takePicture(page, name, suffix))
    await app.stop()
  })
