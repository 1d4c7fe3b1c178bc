import { expect, test } from 'vitest'
import type { Hash } from '#contract'
import { createExecutions, type ExecutionListener, type Outcome, type Work } from './executions.ts'

const key = 'k' as Hash
const done: Outcome = { status: 'done', result: { outputs: {}, metrics: [], ms: 1 } }

/** Work that ends when it is told to. */
function controlled() {
  let finish: (outcome: Outcome) => void = () => {}
  let times = 0
  const heard: string[] = []
  const work: Work = (everyone, signal) => {
    times++
    everyone.onStart()
    return new Promise((resolve) => {
      finish = (outcome) => {
        everyone.onProgress(0.5)
        resolve(outcome)
      }
      signal.addEventListener('abort', () => resolve({ status: 'cancelled' }))
    })
  }
  const listener = (name: string): ExecutionListener => ({
    onStart: () => heard.push(`${name} started`),
    onProgress: (fraction) => heard.push(`${name} ${fraction}`),
    onLog: () => {},
    onShow: () => {},
  })
  return { work, listener, heard, finish: () => finish(done), times: () => times }
}

test('two with the same key share one execution, and both hear of it', async () => {
  const { work, listener, heard, finish, times } = controlled()
  const executions = createExecutions()
  const first = executions.join(key, work, listener('a'), new AbortController().signal)
  const second = executions.join(key, work, listener('b'), new AbortController().signal)
  finish()
  expect(await first).toMatchObject({ status: 'done', owner: true })
  expect(await second).toMatchObject({ status: 'done', owner: false })
  expect(times()).toBe(1)
  expect(heard.filter((line) => line.startsWith('b'))).toEqual(['b started', 'b 0.5'])
  await Promise.all([executions.join(key, work, listener('c'), new AbortController().signal), finish()])
  expect(times()).toBe(2)
})

test('work goes on for those who stay, and ends when the last one leaves', async () => {
  const { work, listener, finish } = controlled()
  const executions = createExecutions()
  const [a, b] = [new AbortController(), new AbortController()]
  const first = executions.join(key, work, listener('a'), a.signal)
  const second = executions.join(key, work, listener('b'), b.signal)
  a.abort()
  expect(await first).toMatchObject({ status: 'cancelled' })
  finish()
  expect(await second).toMatchObject({ status: 'done' })

  const alone = executions.join(key, work, listener('a'), b.signal)
  b.abort()
  expect(await alone).toMatchObject({ status: 'cancelled' })
})
