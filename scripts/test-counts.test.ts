import { expect, test } from 'vitest'
import { addCounts, checkCounts, countsLine, noCounts, playwrightCounts, vitestCounts } from './test-counts.mjs'

const tests = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 }

test('a test file that does not load counts as a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  expect(vitestCounts({ ...tests, testResults })).toEqual({ passed: 5, failed: 1, skipped: 3 })
})

test('a failed test is counted once, not again for its file', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }]
  expect(vitestCounts({ ...tests, numFailedTests: 1, testResults })).toEqual({ passed: 5, failed: 1, skipped: 3 })
})

test('a flaky window test has failed once, and so has a run that broke before its first test', () => {
  const stats = { expected: 3, unexpected: 0, flaky: 1, skipped: 0 }
  expect(playwrightCounts({ stats })).toEqual({ passed: 3, failed: 1, skipped: 0 })
  const none = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }
  expect(playwrightCounts({ stats: none, errors: [{}] })).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('the last line adds everything up', () => {
  const total = [checkCounts(true), checkCounts(false), { passed: 10, failed: 0, skipped: 2 }].reduce(
    addCounts,
    noCounts,
  )
  expect(countsLine(total)).toBe('11 passed, 1 failed, 2 skipped')
})
