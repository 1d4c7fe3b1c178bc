import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'

/** Pictures of every screen, light and dark, on a wide and a small window. Those that differ most stay in docs/tour. */
const root = path.resolve(import.meta.dirname, '../..')
const kept = path.join(root, 'docs/tour')
const looked = path.join(root, 'test-results/tour')
const isKept = (suffix: string) => suffix === 'light-1760' || suffix === 'dark-1280'

export const wide = { width: 1760, height: 1000 }
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [wide, { width: 1280, height: 800 }].map((viewport) => ({ colorScheme, viewport })),
)

/** Does something in each look of the window; told the look's name. */
export async function inEveryLook(page: Page, work: (suffix: string) => Promise<unknown>): Promise<void> {
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    await page.waitForTimeout(300)
    await work(`${colorScheme}-${viewport.width}`)
  }
}

export async function takePicture(page: Page, name: string, suffix: string): Promise<void> {
  // What was told of the screen before.
  await page.evaluate(() => {
    for (const close of document.querySelectorAll<HTMLElement>('.notice-close')) close.click()
  })
  await page.waitForTimeout(900)
  const file = path.join(isKept(suffix) ? kept : looked, `${name}-${suffix}.jpg`)
  await page.screenshot({ path: file, animations: 'disabled', quality: 82 })
}

export async function keepingFailure<T>(page: Page, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await page.screenshot({ path: path.join(looked, 'failed.png') })
    throw error
  }
}

/**
 * Makes the album ready for these pictures: a page that lists them, and none of screens that are no more. What was taken
 * stays, since this runs again after a picture that failed.
 */
export function openAlbum(pictures: readonly { readonly name: string; readonly shows: string }[]): void {
  for (const folder of [kept, looked]) mkdirSync(folder, { recursive: true })
  const known = new Set(pictures.map(({ name }) => name))
  for (const file of readdirSync(kept)) {
    const [, name] = /^(.*)-(?:light|dark)-\d+\.(?:png|jpg)$/.exec(file) ?? []
    if (name !== undefined && !known.has(name)) rmSync(path.join(kept, file))
  }
  const rows = pictures.map(
    ({ name, shows }) => `| ${shows} | [light](${name}-light-1760.jpg) | [dark](${name}-dark-1280.jpg) |`,
  )
  const head = ['# Every screen', '', 'Taken by `npm run tour`: light at 1760 wide, dark at 1280 wide.', '']
  const table = ['| Screen | Light | Dark |', '| --- | --- | --- |', ...rows, '']
  writeFileSync(path.join(kept, 'README.md'), [...head, ...table].join('\n'))
}
