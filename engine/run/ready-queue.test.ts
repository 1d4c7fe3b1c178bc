import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Plan } from '#graph/plan'
import { createReadyQueue } from './ready-queue.ts'

/** Plans whose nodes are fed by any of the nodes before them. */
const plans = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 25 }).map((rows): Plan => {
  const order = rows.map((_, index) => `n${index}`)
  const inputs = rows.map((sources, index) => [
    `n${index}`,
    { in: index === 0 ? [] : sources.map((source) => ({ node: `n${source % index}`, port: 'out' })) },
  ])
  return { order, inputs: Object.fromEntries(inputs) }
})

const sourcesOf = (plan: Plan, node: string) => plan.inputs[node]!.in!.map((wire) => wire.node)

test('each node comes once, behind all that feed it, whichever ends first', () => {
  fc.assert(
    fc.property(plans, fc.infiniteStream(fc.nat()), (plan, choice) => {
      const queue = createReadyQueue(plan)
      const done: string[] = []
      const working: string[] = []
      while (!queue.finished) {
        for (let node = queue.take(); node; node = queue.take()) {
          for (const source of sourcesOf(plan, node)) expect(done).toContain(source)
          working.push(node)
        }
        const [node] = working.splice(choice.next().value % working.length, 1)
        done.push(node!)
        expect(queue.settle(node!, true)).toEqual([])
      }
      expect([...done].sort()).toEqual([...plan.order].sort())
    }),
  )
})

test('what hangs on a failure is lost, in the order of the plan; the rest goes on', () => {
  fc.assert(
    fc.property(plans, fc.nat(), (plan, choice) => {
      const queue = createReadyQueue(plan)
      const bad = plan.order[choice % plan.order.length]!
      const lost = new Set<string>()
      const done = new Set<string>()
      for (let node = queue.take(); node; node = queue.take()) {
        done.add(node)
        for (const follower of queue.settle(node, node !== bad)) lost.add(follower)
      }
      expect(queue.finished).toBe(true)
      const expected = new Set<string>()
      for (const node of plan.order)
        if (sourcesOf(plan, node).some((source) => source === bad || expected.has(source))) expected.add(node)
      expect([...lost]).toEqual([...expected])
      expect(done.size + lost.size).toBe(plan.order.length)
    }),
  )
})

test('of those that are ready the one with the longest way to the end comes first', () => {
  const wire = (node: string) => ({ in: [{ node, port: 'out' }] })
  const plan: Plan = {
    order: ['a', 'b', 'c', 'b-end', 'c-end', 'c-last'],
    inputs: { a: {}, b: {}, c: {}, 'b-end': wire('b'), 'c-end': wire('c'), 'c-last': wire('c-end') },
  }
  const first = (effort?: (node: string) => number) => createReadyQueue(plan, effort).take()
  expect(first()).toBe('c')
  expect(first((node) => (node === 'b-end' ? 9 : 1))).toBe('b')
  expect(first((node) => (node === 'a' ? 9 : 1))).toBe('a')
})
