import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** What axe finds in the page, or in parts of it: the rule and the elements it speaks of. */
export async function axeFindings(page: Page, ...parts: readonly string[]): Promise<readonly string[]> {
  const axe = parts.reduce((builder, part) => builder.include(part), new AxeBuilder({ page }))
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Axe finds nothing, in the light and in the dark. */
export async function expectAccessible(page: Page, ...parts: readonly string[]): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name
    }, theme)
    await page.waitForTimeout(200)
    expect(await axeFindings(page, ...parts), theme).toEqual([])
  }
}
