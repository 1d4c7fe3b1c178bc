import type { Page } from '@playwright/test'

/** What the page waits for; looked at before every frame. */
export type Awaited = 'cells' | 'bars' | 'row' | 'other' | 'settled' | 'hits' | 'answered'

/** Milliseconds from when `act` begins until the page has painted what is awaited; `row` is the row that must be in view. */
export async function paintedAfter(page: Page, act: () => Promise<void>, awaited: Awaited, row = 0): Promise<number> {
  const started = await page.evaluate(() => performance.now())
  const painted = page.evaluate(
    ({ awaited, row }) =>
      new Promise<number>((resolve) => {
        const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(`.dock ${selector}`)]
        const filled = () => all('.table-cell[data-row]').filter(({ textContent }) => textContent !== '')
        const words = () => all('.table-bar [role=status]')[0]?.textContent ?? ''
        const looking = () => /looked through|Sorting|Reading/.test(words())
        const first = () =>
          all('.table-cell[data-row="0"]')
            .map(({ textContent }) => textContent)
            .join()
        const before = first()
        const tests: Record<string, () => boolean> = {
          cells: () => filled().length > 20,
          bars: () =>
            all('.table-head-cell').length > 1 && all('.table-head-cell').every((head) => head.querySelector('svg')),
          row: () => filled().some(({ dataset }) => Number(dataset.row) === row),
          other: () => first() !== '' && first() !== before,
          settled: () => !looking() && filled().length > 20,
          hits: () => /found|match/.test(words()) && !/^0/.test(words()) && filled().length > 0,
          answered: () => /match/.test(words()),
        }
        const look = () => {
          const most = Math.max((globalThis as { mostRows?: number }).mostRows ?? 0, all('.table-row').length)
          Object.assign(globalThis, { mostRows: most })
          if (tests[awaited]!()) requestAnimationFrame(() => resolve(performance.now()))
          else requestAnimationFrame(look)
        }
        look()
      }),
    { awaited, row },
  )
  await act()
  return (await painted) - started
}

export const mostRowsSeen = (page: Page) => page.evaluate(() => (globalThis as { mostRows?: number }).mostRows ?? 0)

export const pageMegabytes = (page: Page) =>
  page.evaluate(() => {
    const { memory } = performance as unknown as { memory: { usedJSHeapSize: number } }
    return memory.usedJSHeapSize / 1_048_576
  })
