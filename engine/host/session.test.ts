import { expect, test } from 'vitest'
import { createSessions } from './session.ts'

test('a code works once and gives the token', () => {
  const sessions = createSessions()
  const code = sessions.newCode()
  const token = sessions.exchange(code)
  expect(sessions.accepts(token)).toBe(true)
  expect(sessions.exchange(code)).toBeUndefined()
})

test('codes are independent: using one leaves the other', () => {
  const sessions = createSessions()
  const [first, second] = [sessions.newCode(), sessions.newCode()]
  expect(first).not.toBe(second)
  sessions.exchange(first)
  expect(sessions.exchange(second)).toBeTypeOf('string')
})

test('nothing else is a code or a token', () => {
  const sessions = createSessions()
  const code = sessions.newCode()
  for (const wrong of [undefined, null, '', 'x', 1, {}, [code], `${code}x`, code.slice(1)]) {
    expect(sessions.exchange(wrong)).toBeUndefined()
    expect(sessions.accepts(wrong)).toBe(false)
  }
  expect(sessions.accepts(code)).toBe(false)
  expect(createSessions().exchange(code)).toBeUndefined()
})

test('both carry 256 random bits', () => {
  expect(Buffer.from(createSessions().newCode(), 'base64url')).toHaveLength(32)
})
