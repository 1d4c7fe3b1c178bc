import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** What axe finds in the page, or in parts of it: the rule and the elements it speaks of. */
export const axeFindings = (page: Page, ...parts: readonly string[]): Promise<readonly string[]> =>
  findings(page, parts)

/** The same of contrasts alone, all that another theme changes. */
export const contrastFindings = (page: Page, ...parts: readonly string[]): Promise<readonly string[]> =>
  findings(page, parts, ['color-contrast'])

async function findings(page: Page, parts: readonly string[], rules?: string[]): Promise<readonly string[]> {
  // nothing lies in frames of other hosts: axe needs no page of its own to put its findings together
  const axe = new AxeBuilder({ page }).setLegacyMode()
  for (const part of parts) axe.include(part)
  if (rules) axe.withRules(rules)
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Axe finds nothing, in the light and in the dark. */
export async function expectAccessible(page: Page, ...parts: readonly string[]): Promise<void> {
  for (const [theme, found] of [
    ['dark', contrastFindings],
    ['light', axeFindings],
  ] as const) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name
    }, theme)
    await page.waitForTimeout(200)
    expect(await found(page, ...parts), theme).toEqual([])
  }
}
