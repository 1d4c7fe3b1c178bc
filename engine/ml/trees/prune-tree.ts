import type { ForestTree } from './forest.ts'

/**
 * Cost-complexity pruning (Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees, 3.3): a subtree
 * is worth its leaves while it saves at least `alpha` of impurity for each leaf more than one. The weakest subtree is
 * cut first. Impurity is the tree's, as a share of all training weight: Gini for classes, variance for numbers. Subtrees
 * that are equally weak are cut together, so an alpha occurs once (scikit-learn lists them one by one).
 */
export interface PruningStep {
  /** The smallest cost of a leaf at which the tree gets this small. */
  readonly alpha: number
  /** Impurity that the tree has more than the whole one. */
  readonly lost: number
  readonly leaves: number
}

/** The whole tree, then what is left after each cut, down to the root. */
export function pruningPath(tree: ForestTree, classes: number): PruningStep[] {
  const subtrees = openSubtrees(tree, classes)
  const whole = subtrees.saved[0]!
  const steps: PruningStep[] = [{ alpha: 0, lost: 0, leaves: subtrees.leaves[0]! }]
  for (let weakest = subtrees.weakest(); weakest; weakest = subtrees.weakest()) {
    subtrees.cut(weakest.node)
    const last = steps.at(-1)!
    const same = weakest.alpha - last.alpha <= 1e-10 * last.alpha + 1e-15 * whole
    const alpha = same ? last.alpha : weakest.alpha
    steps.splice(same ? -1 : steps.length, 1, { alpha, lost: whole - subtrees.saved[0]!, leaves: subtrees.leaves[0]! })
  }
  return steps
}

/** The smallest subtree whose cuts each cost at most `alpha` a leaf. */
export function pruneTree(tree: ForestTree, classes: number, alpha: number): ForestTree {
  const subtrees = openSubtrees(tree, classes)
  for (let weakest = subtrees.weakest(); weakest && weakest.alpha <= alpha; weakest = subtrees.weakest())
    subtrees.cut(weakest.node)
  return keepNodes(tree, subtrees.isLeaf)
}

/** What each subtree saves and how many leaves it has, kept up to date while subtrees are cut. */
function openSubtrees(tree: ForestTree, classes: number) {
  const size = tree.feature.length
  // two classes are grown on one share, whose variance is half of Gini's impurity
  const factor = (classes === 2 ? 2 : 1) / tree.cover[0]!
  const parent = new Int32Array(size).fill(-1)
  const isLeaf = Uint8Array.from(tree.feature, (feature) => (feature < 0 ? 1 : 0))
  const saved = new Float64Array(size)
  const leaves = new Int32Array(size).fill(1)
  const sum = (node: number) => {
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    saved[node] = isLeaf[node] ? 0 : tree.gain[node]! * factor + saved[left]! + saved[right]!
    leaves[node] = isLeaf[node] ? 1 : leaves[left]! + leaves[right]!
  }
  const alphaOf = (node: number) => saved[node]! / (leaves[node]! - 1)
  const heap = openHeap(alphaOf)
  // children come after their parents
  for (let node = size - 1; node >= 0; node--) {
    sum(node)
    if (isLeaf[node]) continue
    parent[tree.left[node]!] = node
    parent[tree.right[node]!] = node
    heap.add(node)
  }
  const standsBelowCut = (node: number) => {
    for (let at = parent[node]!; at >= 0; at = parent[at]!) if (isLeaf[at]) return true
    return false
  }
  return {
    saved,
    leaves,
    isLeaf,
    /** The inner node whose subtree saves least a leaf; the one nearest to the root of equal ones. */
    weakest() {
      for (let top = heap.take(); top; top = heap.take()) {
        if (isLeaf[top.node] || standsBelowCut(top.node)) continue
        // cuts below only make a subtree stronger: an outdated place in the heap is too early, never too late
        if (alphaOf(top.node) === top.alpha) return top
        heap.add(top.node)
      }
      return undefined
    },
    cut(node: number): void {
      isLeaf[node] = 1
      for (let at = node; at >= 0; at = parent[at]!) sum(at)
    },
  }
}

interface Entry {
  readonly alpha: number
  readonly node: number
}

/** A binary heap of nodes by alpha at the time they were added. */
function openHeap(alphaOf: (node: number) => number) {
  const entries: Entry[] = []
  const before = (a: Entry, b: Entry) => a.alpha < b.alpha || (a.alpha === b.alpha && a.node < b.node)
  const swap = (i: number, j: number) => {
    const entry = entries[i]!
    entries[i] = entries[j]!
    entries[j] = entry
  }
  return {
    add(node: number): void {
      let at = entries.push({ alpha: alphaOf(node), node }) - 1
      for (let up = (at - 1) >> 1; at > 0 && before(entries[at]!, entries[up]!); up = (at - 1) >> 1) {
        swap(at, up)
        at = up
      }
    },
    take(): Entry | undefined {
      const top = entries[0]
      const last = entries.pop()
      if (!top || entries.length === 0) return top
      entries[0] = last!
      for (let at = 0; ; ) {
        let least = at
        for (const down of [2 * at + 1, 2 * at + 2])
          if (down < entries.length && before(entries[down]!, entries[least]!)) least = down
        if (least === at) return top
        swap(at, least)
        at = least
      }
    },
  }
}

/** The tree with the marked nodes as leaves, renumbered in preorder. */
function keepNodes(tree: ForestTree, isLeaf: Uint8Array): ForestTree {
  const kept: number[] = []
  const numbers = new Int32Array(tree.feature.length).fill(-1)
  const visit = (node: number) => {
    numbers[node] = kept.push(node) - 1
    if (isLeaf[node]) return
    visit(tree.left[node]!)
    visit(tree.right[node]!)
  }
  visit(0)
  const order = Int32Array.from(kept)
  const width = tree.values.length / tree.feature.length
  const child = (children: Int32Array) => order.map((node) => (isLeaf[node] ? -1 : numbers[children[node]!]!))
  const doubles = (values: Float64Array) => Float64Array.from(order, (node) => values[node]!)
  return {
    feature: order.map((node) => (isLeaf[node] ? -1 : tree.feature[node]!)),
    threshold: Float64Array.from(order, (node) => (isLeaf[node] ? 0 : tree.threshold[node]!)),
    missingLeft: Uint8Array.from(order, (node) => (isLeaf[node] ? 0 : tree.missingLeft[node]!)),
    left: child(tree.left),
    right: child(tree.right),
    value: doubles(tree.value),
    cover: doubles(tree.cover),
    gain: Float64Array.from(order, (node) => (isLeaf[node] ? 0 : tree.gain[node]!)),
    values: Float64Array.from({ length: order.length * width }, (_, at) => {
      const node = order[Math.floor(at / width)]!
      return tree.values[node * width + (at % width)]!
    }),
  }
}
