import type { Page } from '@playwright/test'

/** Milliseconds between one frame and the next while something was done. */
export type Frames = readonly number[]

/** Notes each frame while `act` works, and what the longest task of the main thread took. */
async function framesDuring(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const frames: number[] = []
    let last = performance.now()
    const note = (now: number) => {
      frames.push(now - last)
      last = now
      if (!(globalThis as { benchStop?: boolean }).benchStop) requestAnimationFrame(note)
    }
    Object.assign(globalThis, { benchFrames: frames, benchStop: false })
    requestAnimationFrame((now) => {
      last = now
      requestAnimationFrame(note)
    })
  })
  await act()
  return page.evaluate(() => {
    Object.assign(globalThis, { benchStop: true })
    return (globalThis as unknown as { benchFrames: number[] }).benchFrames
  })
}

interface Centre {
  readonly x: number
  readonly y: number
}

/** The card nearest to the middle of the window, so that a drag has room. */
async function middleCard(page: Page, selector: string): Promise<Centre> {
  const boxes = await page.locator(selector).evaluateAll((cards) =>
    cards.map((card) => {
      const { x, y, width, height } = card.getBoundingClientRect()
      return { x: x + width / 2, y: y + Math.min(14, height / 2) }
    }),
  )
  const { width, height } = page.viewportSize()!
  const far = ({ x, y }: Centre) => Math.hypot(x - width / 2, y - height / 2)
  return boxes.toSorted((a, b) => far(a) - far(b))[0]!
}

/** A card carried in a circle. */
export async function dragFrames(page: Page, selector: string): Promise<Frames> {
  const { x, y } = await middleCard(page, selector)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 5, y + 5)
  const frames = await framesDuring(page, async () => {
    for (let step = 0; step < 120; step++) {
      const angle = (2 * Math.PI * step) / 60
      await page.mouse.move(x + 90 * Math.sin(angle), y + 60 * (1 - Math.cos(angle)))
    }
  })
  await page.mouse.up()
  return frames
}

/** Zoomed out and in again with the wheel in the middle of the canvas. */
export async function zoomFrames(page: Page): Promise<Frames> {
  const { width, height } = page.viewportSize()!
  await page.mouse.move(width / 2, height / 2)
  return framesDuring(page, async () => {
    for (let step = 0; step < 60; step++) {
      await page.mouse.wheel(0, step < 30 ? 40 : -40)
      await page.waitForTimeout(16)
    }
  })
}

/** Milliseconds from a key to the frame that shows it. */
export async function typingDelays(page: Page, field: string, text: string): Promise<readonly number[]> {
  await page.locator(field).click()
  const delays: number[] = []
  for (const letter of text) {
    await page.evaluate(() => {
      const started = performance.now()
      const done = new Promise<number>((resolve) =>
        addEventListener(
          'input',
          () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started))),
          { once: true, capture: true },
        ),
      )
      Object.assign(globalThis, { benchInput: done })
    })
    await page.keyboard.type(letter)
    delays.push(await page.evaluate(() => (globalThis as unknown as { benchInput: Promise<number> }).benchInput))
  }
  return delays
}

export const shareOver = (values: readonly number[], limit: number): number =>
  values.filter((value) => value > limit).length / Math.max(1, values.length)
