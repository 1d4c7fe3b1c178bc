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

/** Where to take hold of the card nearest to the middle of the window, so that a drag has room. */
export function middleCard(page: Page, selector: string): Promise<Centre> {
  return page.evaluate((card) => {
    const far = ({ x, y }: Centre) => Math.hypot(x - innerWidth / 2, y - innerHeight / 2)
    const holds = [...document.querySelectorAll(card)].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return { element, x: x + width / 2, y: y + Math.min(14, height / 2) }
    })
    const free = ({ element, x, y }: (typeof holds)[number]) => element.contains(document.elementFromPoint(x, y))
    const found = holds.toSorted((a, b) => far(a) - far(b)).find(free)
    if (!found) throw new Error('no card is in sight')
    return { x: found.x, y: found.y }
  }, selector)
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

export type Way = 'in' | 'out'

/** How a tool is zoomed by the wheel: what is held, and by how much it is turned at a time. */
export interface Wheel {
  readonly key?: 'Control'
  readonly delta: number
}

/** Turns the wheel in the middle of the canvas. */
export async function turnWheel(page: Page, way: Way, turns: number, { key, delta }: Wheel): Promise<void> {
  const { width, height } = page.viewportSize()!
  await page.mouse.move(width / 2, height / 2)
  if (key) await page.keyboard.down(key)
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, way === 'in' ? -delta : delta)
    await page.waitForTimeout(16)
  }
  if (key) await page.keyboard.up(key)
}

/** Zoomed in from where all is seen, and out again. */
export const zoomFrames = (page: Page, wheel: Wheel): Promise<Frames> =>
  framesDuring(page, async () => {
    await turnWheel(page, 'in', zoomTurns, wheel)
    await turnWheel(page, 'out', zoomTurns, wheel)
  })

export const zoomTurns = 30

/** The canvas moved to and fro: carried by its empty ground, or by the wheel where the tool scrolls so. */
export async function panFrames(page: Page, ground: string | 'wheel'): Promise<Frames> {
  const { width, height } = page.viewportSize()!
  if (ground === 'wheel') {
    await page.mouse.move(width / 2, height / 2)
    return framesDuring(page, async () => {
      for (let step = 0; step < 80; step++) {
        await page.mouse.wheel(0, step % 40 < 20 ? 20 : -20)
        await page.waitForTimeout(16)
      }
    })
  }
  const { x, y } = await emptyGround(page, ground)
  await page.mouse.move(x, y)
  await page.mouse.down()
  const frames = await framesDuring(page, async () => {
    for (let step = 0; step < 80; step++)
      await page.mouse.move(x + 150 * Math.sin((2 * Math.PI * step) / 40), y + 4 * (step % 20))
  })
  await page.mouse.up()
  return frames
}

/** A place near the middle where nothing but the ground is. */
async function emptyGround(page: Page, ground: string): Promise<Centre> {
  return page.evaluate((selector) => {
    const middle = { x: innerWidth / 2, y: innerHeight / 2 }
    for (let radius = 0; radius < 300; radius += 6)
      for (let angle = 0; angle < 2 * Math.PI; angle += 0.2) {
        const point = { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) }
        if (document.elementFromPoint(point.x, point.y)?.matches(selector)) return point
      }
    throw new Error('no ground is free')
  }, ground)
}

/** Until a card is drawn, nothing lies over it, and the page has shown the frame after. */
export async function untilDrawn(page: Page, card: string, cover?: string): Promise<void> {
  await page.waitForFunction(
    ([selector, over]) => {
      const found = document.querySelector(selector!)?.getBoundingClientRect()
      const hidden = over !== '' && (document.querySelector(over!)?.getClientRects().length ?? 0) > 0
      return found !== undefined && found.width > 0 && !hidden
    },
    [card, cover ?? ''],
    { timeout: 120_000 },
  )
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))),
  )
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

/** Milliseconds of processor time that the page's main thread has used so far. */
export async function mainThreadClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
  }
}
