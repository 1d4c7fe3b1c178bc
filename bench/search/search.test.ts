import { expect, test } from 'vitest'
import { architectureOutcome, architecturePlans, openArchitectureTask } from './architecture-contest.ts'
import { cost, outcome, ownAsker, strategies } from './contest.ts'
import { interval, searchTable } from './search-table.ts'
import type { Task } from './tasks.ts'
import { gainOf } from './tuning-gain.ts'

/** Judges by hand, and counts what it was asked to spend. */
function bowl(): Task & { spent: number } {
  return {
    title: 'bowl',
    space: { x: { kind: 'number', low: -1, high: 1 }, y: { kind: 'number', low: -1, high: 1 } },
    spent: 0,
    async judge({ x, y }, share) {
      this.spent += share
      return (x as number) ** 2 + (y as number) ** 2 + (1 - share)
    },
  }
}

test.each(Object.keys(strategies))(
  '%s costs no more than it may, and settles on a trial of full length',
  async (strategy) => {
    const task = bowl()
    const found = await outcome(ownAsker(strategy, task, 4), task)
    expect(found).toBeLessThan(0.3)
    expect(task.spent).toBeLessThanOrEqual(cost + 1)
    expect(task.spent).toBeGreaterThan(strategy === 'grid' ? 8 : cost - 2)
  },
)

test.each(Object.entries(architecturePlans))('of networks, %s costs what it may and finds one', async (_, plan) => {
  const task = await openArchitectureTask(90, 2, 1)
  const { loss, spent } = await architectureOutcome(plan, task, 8)
  expect(loss).toBeLessThan(1.5)
  expect(spent).toBeGreaterThan(4)
  expect(spent).toBeLessThanOrEqual(8)
})

test('the table says how far each is from random, seed by seed', () => {
  expect(interval([1, 2, 3])).toEqual({ mean: 2, half: expect.closeTo(4.3027 / Math.sqrt(3), 3) })
  const table = searchTable({ random: [2, 2], better: [1, 1.5] })
  expect(table).toContain('| random | 2.0000 |  |  |')
  expect(table).toMatch(/\| better \| 1\.2500 \| −37\.50 ± \d+\.\d\d % \| 2 of 2 \|/)
})

test('tuning is judged by the test rows, beside the same learner with its defaults', async () => {
  const { plain, byValidation, byFolds } = await gainOf('tree', 300, 1, 4)
  for (const area of [plain, byValidation, byFolds]) {
    expect(area).toBeGreaterThan(0.4)
    expect(area).toBeLessThan(1)
  }
})
