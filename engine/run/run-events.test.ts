import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunEvent } from '#contract'
import { createRunEvents, steadyProgress } from './run-events.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('progress never goes back, comes at most twenty times a second and reaches 1 once', () => {
  const moment = fc.record({ fraction: fc.oneof(fc.double(), fc.double({ min: 0, max: 1 })), pauseMs: fc.nat(120) })
  fc.assert(
    fc.property(fc.array(moment), (moments) => {
      const seen: { fraction: number; at: number }[] = []
      const progress = steadyProgress((fraction) => seen.push({ fraction, at: performance.now() }))
      for (const { fraction, pauseMs } of moments) {
        vi.advanceTimersByTime(pauseMs)
        progress.report(fraction)
      }
      const before = [...seen]
      progress.finish()
      progress.finish()
      expect(seen.length).toBe(before.length + 1)
      expect(seen.at(-1)!.fraction).toBe(1)
      for (const [index, one] of before.entries()) {
        expect(one.fraction).toBeGreaterThanOrEqual(before[index - 1]?.fraction ?? 0)
        expect(one.fraction).toBeLessThan(1)
        if (index > 0) expect(one.at - before[index - 1]!.at).toBeGreaterThanOrEqual(50)
      }
    }),
  )
})

test('a listener that throws does not keep others from hearing', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
  const events = createRunEvents()
  const heard: RunEvent[] = []
  events.subscribe(() => {
    throw new Error('listener')
  })
  const stop = events.subscribe((event) => heard.push(event))
  const event = { type: 'log', run: 'r', level: 'info', message: 'm' } as const
  events.emit(event)
  stop()
  events.emit(event)
  expect(heard).toEqual([event])
  quiet.mockRestore()
})
