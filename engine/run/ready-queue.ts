import type { Plan } from '#graph/plan'

/** Which nodes of a plan may run now. Pure bookkeeping: who waits for whom. */
export interface ReadyQueue {
  /** The next node all of whose sources are done: the one with the longest way to the end, else in the order of the plan. */
  take(): string | undefined
  /** A node has ended. Gives the nodes that can no longer run because it did not end well, in the order of the plan. */
  settle(node: string, well: boolean): readonly string[]
  /** The nodes that wait for this one, among others. */
  followers(node: string): readonly string[]
  /** Every node has ended. */
  readonly finished: boolean
}

/** `effort` says how long a node may take, in any unit; all take as long unless told. */
export function createReadyQueue(plan: Plan, effort: (node: string) => number = () => 1): ReadyQueue {
  const position = new Map(plan.order.map((node, index) => [node, index]))
  const followers = new Map<string, Set<string>>(plan.order.map((node) => [node, new Set()]))
  const waitsFor = new Map<string, number>()
  for (const node of plan.order) {
    const sources = new Set(Object.values(plan.inputs[node] ?? {}).flatMap((wires) => wires.map((wire) => wire.node)))
    waitsFor.set(node, sources.size)
    for (const source of sources) followers.get(source)?.add(node)
  }
  const ways = new Map<string, number>()
  for (const node of plan.order.toReversed()) {
    const behind = [...followers.get(node)!].map((follower) => ways.get(follower)!)
    ways.set(node, effort(node) + Math.max(0, ...behind))
  }
  const urgency = (one: string, other: string) =>
    ways.get(one)! - ways.get(other)! || position.get(other)! - position.get(one)!
  const ready = plan.order.filter((node) => waitsFor.get(node) === 0).sort((one, other) => urgency(other, one))
  const ended = new Set<string>()

  const makeReady = (node: string) => {
    const at = ready.findIndex((other) => urgency(node, other) > 0)
    if (at < 0) ready.push(node)
    else ready.splice(at, 0, node)
  }
  const lose = (start: string): readonly string[] => {
    const lost: string[] = []
    const open = [...followers.get(start)!]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (ended.has(node)) continue
      ended.add(node)
      lost.push(node)
      open.push(...followers.get(node)!)
    }
    return lost.sort((a, b) => position.get(a)! - position.get(b)!)
  }
  return {
    followers: (node) => [...followers.get(node)!],
    take: () => ready.shift(),
    settle(node, well) {
      ended.add(node)
      if (!well) return lose(node)
      for (const follower of followers.get(node)!) {
        const left = waitsFor.get(follower)! - 1
        waitsFor.set(follower, left)
        if (left === 0 && !ended.has(follower)) makeReady(follower)
      }
      return []
    },
    get finished() {
      return ended.size === plan.order.length
    },
  }
}
