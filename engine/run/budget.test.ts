import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBudget, type Lease } from './budget.ts'

const never = new AbortController().signal

test('no more is given out than there is, everyone gets a share, and all of it comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 20 }), async (threads, steps) => {
      const budget = createBudget({ threads, bytes: 1_000 })
      const held: Lease[] = []
      const requests = Array.from({ length: steps }, async () => held.push((await budget.request(never))!))
      let served = 0
      while (served < steps) {
        budget.grant()
        await Promise.resolve()
        expect(held.length).toBeGreaterThan(0)
        expect(held.reduce((sum, lease) => sum + lease.threads, 0)).toBeLessThanOrEqual(threads)
        expect(held.reduce((sum, lease) => sum + lease.bytes, 0)).toBeLessThanOrEqual(1_000)
        expect(held.every((lease) => lease.threads >= 1)).toBe(true)
        served += held.length
        for (const lease of held.splice(0)) {
          lease.release()
          lease.release()
        }
      }
      await Promise.all(requests)
      const last = budget.request(never)
      budget.grant()
      expect(await last).toMatchObject({ threads, bytes: 1_000 })
    }),
  )
})

test('a lone step gets everything, two share', async () => {
  const budget = createBudget({ threads: 8, bytes: 800 })
  const two = [budget.request(never), budget.request(never)]
  budget.grant()
  expect(await Promise.all(two)).toMatchObject([
    { threads: 4, bytes: 400 },
    { threads: 4, bytes: 400 },
  ])
})

test('who is cancelled while waiting leaves the queue', async () => {
  const budget = createBudget({ threads: 1, bytes: 1 })
  const controller = new AbortController()
  const left = budget.request(controller.signal)
  const next = budget.request(never)
  controller.abort()
  budget.grant()
  expect(await left).toBeUndefined()
  expect(await next).toMatchObject({ threads: 1 })
  expect(await budget.request(controller.signal)).toBeUndefined()
})

test('who needs the machine alone waits until it is quiet, and gets all of it', async () => {
  const budget = createBudget({ threads: 4, bytes: 400 })
  const first = budget.request(never)
  budget.grant()
  const alone = budget.request(never, true)
  const last = budget.request(never)
  const order: string[] = []
  void alone.then(() => order.push('alone'))
  void last.then(() => order.push('last'))
  budget.grant()
  await Promise.resolve()
  expect(order).toEqual([])
  ;(await first)!.release()
  budget.grant()
  const held = (await alone)!
  expect(held.threads).toBe(4)
  held.release()
  budget.grant()
  expect((await last)!.threads).toBe(4)
  expect(order).toEqual(['alone', 'last'])
})

test('threads that nobody asks for go to who wants more, and come back', async () => {
  const budget = createBudget({ threads: 4, bytes: 400 })
  const two = [budget.request(never), budget.request(never)]
  budget.grant(true)
  const [searching, other] = await Promise.all(two)
  const heard: number[] = []
  searching!.wantMore((threads) => heard.push(threads))
  expect(heard).toEqual([])
  other!.release()
  budget.grant()
  // The steps behind the one that ended have not asked yet.
  expect(heard).toEqual([])
  const behind = budget.request(never)
  budget.grant(true)
  expect(await behind).toMatchObject({ threads: 2 })
  expect(heard).toEqual([])
  ;(await behind)!.release()
  budget.grant(true)
  expect([heard, searching!.threads]).toEqual([[4], 4])
  searching!.release()
  const last = budget.request(never)
  budget.grant()
  expect(await last).toMatchObject({ threads: 4, bytes: 400 })
})
