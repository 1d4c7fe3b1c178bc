import { afterEach, beforeEach, expect, test } from 'vitest'
import { openScratch, type Scratch } from './scratch.ts'

let scratch: Scratch
beforeEach(async () => {
  scratch = await openScratch({ threads: 3 })
})
afterEach(() => scratch.close())

const module = new URL('./testing-crew.ts', import.meta.url)
type Job = { readonly value: number } | 'refuse' | 'leave'

test('jobs are done side by side by members that keep their setup', async () => {
  const crew = scratch.context.crew<number, Job, number>({ module, setup: 10 })
  expect(crew.size).toBe(3)
  const values = Array.from({ length: 40 }, (_, value) => value)
  expect(await Promise.all(values.map((value) => crew.assign({ value })))).toEqual(values.map((value) => 10 * value))
  await crew.close()
})

test('a member that refuses a job or dies takes no other job with it', async () => {
  const crew = scratch.context.crew<number, Job, number>({ module, setup: 2, size: 1 })
  await expect(crew.assign('refuse')).rejects.toMatchObject({ code: 'data-bad' })
  await expect(crew.assign('leave')).rejects.toMatchObject({ code: 'worker-died' })
  expect(await crew.assign({ value: 4 })).toBe(8)
})

test('after a cancel no job is taken', async () => {
  const crew = scratch.context.crew<number, Job, number>({ module, setup: 2 })
  scratch.cancel()
  expect(() => crew.assign({ value: 1 })).toThrow('cancelled')
})

test('a crew that could use more threads says so, and starts members when it gets them', async () => {
  const given = await openScratch({ threads: 1 })
  try {
    const crew = given.context.crew<number, Job, number>({ module, setup: 3 })
    const values = Array.from({ length: 12 }, (_, value) => value)
    const answers = Promise.all(values.map((value) => crew.assign({ value })))
    expect(crew.size).toBe(1)
    given.grow(4)
    expect(crew.size).toBe(4)
    expect(await answers).toEqual(values.map((value) => 3 * value))
  } finally {
    await given.close()
  }
})
