import { expect, type Locator, type Page } from '@playwright/test'

/** How a person builds on the canvas: nodes from the palette, wires drawn from port to port, values in forms. */

export const node = (page: Page, id: string) => page.locator(`[data-node="${id}"]`)
const port = (page: Page, address: string, side: 'input' | 'output') =>
  page.locator(`[data-port="${address}"][data-side="${side}"]`)
export const field = (page: Page, label: string) => page.getByRole('complementary').getByLabel(label, { exact: true })

/** Adds a node from the palette and gives the id it got. */
export async function add(page: Page, title: string): Promise<string> {
  const before = await page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node')))
  await page.getByRole('navigation', { name: 'Nodes' }).getByRole('button', { name: title, exact: true }).click()
  await expect(page.locator('[data-node]')).toHaveCount(before.length + 1)
  const after = await page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node')))
  return after.find((id) => !before.includes(id))!
}

/** The middle of a port once it has come to rest. */
async function middle(handle: Locator): Promise<readonly [number, number]> {
  let before = await handle.boundingBox()
  for (let tries = 0; tries < 50; tries++) {
    await handle.page().waitForTimeout(60)
    const box = await handle.boundingBox()
    if (box && before && box.x === before.x && box.y === before.y)
      return [box.x + box.width / 2, box.y + box.height / 2]
    before = box
  }
  throw new Error('a port is not in sight, or never rests')
}

export async function wire(page: Page, from: string, to: string): Promise<void> {
  const wires = await page.locator('[data-wire]').count()
  const [x, y] = await middle(port(page, from, 'output'))
  await page.mouse.move(x, y)
  await page.mouse.down()
  const [toX, toY] = await middle(port(page, to, 'input'))
  await page.mouse.move((x + toX) / 2, (y + toY) / 2, { steps: 4 })
  await page.mouse.move(toX, toY, { steps: 4 })
  await page.mouse.up()
  await expect(page.locator('[data-wire]'), `${from} to ${to}`).toHaveCount(wires + 1)
}
