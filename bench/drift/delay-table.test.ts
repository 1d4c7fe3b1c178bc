import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recommendedOptions } from '#ml/drift/recommended-detector'
import { changes, delayTable, judge } from './delay-table.ts'

test('docs/drift.md holds the table that the script prints', () => {
  const page = readFileSync(new URL('../../docs/drift.md', import.meta.url), 'utf8')
  expect(page).toContain(delayTable(60))
})

test.each(changes)('recommended from %d to %d: as quick as HDDM-A, no false alarm', (...change) => {
  const recommended = judge('adwin', recommendedOptions, change, 200)
  const hddm = judge('hddm-a', undefined, change, 200)
  expect(recommended.falseAlarms + recommended.missed).toBe(0)
  expect(recommended.mean).toBeLessThanOrEqual(hddm.mean)
  expect(hddm.falseAlarms).toBeGreaterThan(0)
})
