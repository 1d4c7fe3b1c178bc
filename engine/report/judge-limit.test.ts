import { expect, test } from 'vitest'
import { figureText, judgeLimit, limitText } from './judge-limit.ts'

const ratio = { label: 'Age ratio', operator: '>=', limit: 0.8 } as const

test('the point decides, the interval is said, nothing never holds', () => {
  expect(judgeLimit(ratio, { value: 0.7996 })).toEqual({
    verdict: 'fail',
    reason: 'Age ratio is 0.7996 but should be at least 0.80.',
  })
  const { verdict, reason } = judgeLimit(ratio, { value: 0.82, low: 0.7, high: 0.9 })
  expect(verdict).toBe('pass')
  expect(reason).toContain('0.70–0.90')
  expect(judgeLimit({ ...ratio, operator: '<=' }, { value: null }).verdict).toBe('fail')
})

test('counts read without decimals', () => {
  const rows = { label: 'Rows', operator: '>=', limit: 1000 } as const
  expect(judgeLimit(rows, { value: 900 }, true).reason).toBe('Rows is 900 but should be at least 1\u202f000.')
  expect(figureText(900, 1000)).toBe('900.00')
  expect(limitText(0.805)).toBe('0.805')
})
