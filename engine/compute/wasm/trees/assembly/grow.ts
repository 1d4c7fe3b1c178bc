import { addRows, buildHistograms, groupCount, histogramAt, histogramBytes, sumCells, sumRows } from './histogram'
import { advanceRows, packGradients } from './objective'
import { scanCategories } from './categories'
import { leafValue, leastGain, partition, scanFeature } from './split'
import {
  allowed, barrier, binCounts, byDepth, categorical, control, features, gradientScale, groups, hessianScale, histogramSet, leafHistograms, learningRate, maxDepth, maxLeaves, minRows, missingFlags,
  monotone, output, ownBegin, ownCount, readScores, scratch, thread, threadHistograms,threads, 
} from './state'

// Leaf record, 128 bytes in each thread's scratch: own begin i32, own count i32 @4, rows of all threads i32 @8,
// histogram slot i32 @12, gain f64 @16, feature i32 @24, last left bin i32 @28, missing left i32 @32, parent node i32 @36,
// left sums i64 @40, sums i64 @48, depth i32 @56, value bounds f64 @64 and @72, live interaction groups u64 @80, left categories 32 bytes @96.
const LEAF_BYTES: usize = 128
// Node record, 48 bytes in the output: feature, last left bin, missing left, left, right, rows, gain f64 @24, hessian f64 @32.
// Children are node numbers, or ~leaf. Leaves follow after 1,024 node records: value f64, rows i32, hessian f64 @16 (24 bytes); after
// 1,024 of them the left categories of each node, 32 bytes.
const NODE_BYTES: usize = 48
export const LEAVES_AT: usize = 48 * 1024
const LEAF_OUT_BYTES: usize = 24
const CATEGORIES_AT: usize = 72 * 1024

// @ts-expect-error: AssemblyScript decorator
@inline
function isCategorical(feature: i32): bool {
  return categorical != 0 && load<i32>(categorical + (<usize>feature << 2)) != 0
}

/** Interaction groups of a feature: all when there are none. */
function groupsOf(feature: i32): u64 {
  return groups ? load<u64>(groups + (<usize>feature << 3)) : u64.MAX_VALUE
}

/** The best split of a feature, when the leaf may use it. */
function scan(histogram: usize, feature: i32, leaf: usize, best: usize): void {
  if ((load<u64>(leaf, 80) & groupsOf(feature)) == 0) return
  if (isCategorical(feature)) scanCategories(histogram, feature, load<i64>(leaf, 48), load<i32>(leaf, 8), best)
  else scanFeature(histogram, feature, load<i64>(leaf, 48), load<i32>(leaf, 8), load<f64>(leaf, 64), load<f64>(leaf, 72), best)
}

// @ts-expect-error: AssemblyScript decorator
@inline
function leafAt(leaf: i32): usize {
  return scratch + <usize>leaf * LEAF_BYTES
}

// @ts-expect-error: AssemblyScript decorator
@inline
function bestOf(t: i32, child: i32): usize {
  return control + 2048 + <usize>(t * 2 + child) * 64
}

function resetBest(child: i32): void {
  store<f64>(bestOf(thread, child), leastGain())
  store<i32>(bestOf(thread, child), -1, 8)
}

/** The best split over all threads; ties go to the lower feature, so that thread count doesn't matter. */
function chooseBest(leaf: i32, child: i32): void {
  let gain = 0.0
  let winner = -1
  let feature = i32.MAX_VALUE
  for (let t = 0; t < threads; t++) {
    const record = bestOf(t, child)
    const f = load<i32>(record, 8)
    if (f < 0) continue
    const g = load<f64>(record)
    if (g > gain || (g == gain && f < feature)) {
      gain = g
      winner = t
      feature = f
    }
  }
  const p = leafAt(leaf)
  store<f64>(p, winner < 0 ? 0 : gain, 16)
  if (winner < 0) return
  const record = bestOf(winner, child)
  store<i32>(p, feature, 24)
  store<i32>(p, load<i32>(record, 12), 28)
  store<i32>(p, load<i32>(record, 16), 32)
  store<i64>(p, load<i64>(record, 24), 40)
  if (isCategorical(feature)) memory.copy(p + 96, record + 32, 32)
}

/** Sum over threads of a count each has stored. */
function countOverThreads(own: i32): i32 {
  store<i32>(control + 512 + (<usize>thread << 2), own)
  barrier()
  let sum = 0
  for (let t = 0; t < threads; t++) sum += load<i32>(control + 512 + (<usize>t << 2))
  return sum
}

function splittable(leaf: usize): bool {
  return load<i32>(leaf, 8) >= 2 * minRows && (maxDepth <= 0 || load<i32>(leaf, 56) < maxDepth)
}

/** Where this thread counts a leaf: the first in the leaf's own histograms, to which the others are added. */
function ownHistograms(slot: i32): usize {
  return thread == 0 ? leafHistograms + <usize>slot * histogramSet : threadHistograms + <usize>(thread - 1) * histogramSet
}

/** Sum over threads of a sum each has stored. */
function sumOverThreads(own: i64): i64 {
  store<i64>(control + 4096 + (<usize>thread << 3), own)
  barrier()
  let sum: i64 = 0
  for (let t = 0; t < threads; t++) sum += load<i64>(control + 4096 + (<usize>t << 3))
  return sum
}

function searchRoot(): void {
  const root = leafAt(0)
  store<i32>(root, ownBegin)
  store<i32>(root, ownCount, 4)
  store<i32>(root, 0, 12)
  store<f64>(root, 0, 16)
  store<i32>(root, -1, 36)
  store<i32>(root, 0, 56)
  store<f64>(root, -Infinity, 64)
  store<f64>(root, Infinity, 72)
  store<u64>(root, u64.MAX_VALUE, 80)
  store<i32>(root, countOverThreads(ownCount), 8)
  if (features == 0 || !splittable(root)) {
    store<i64>(root, sumOverThreads(sumRows(ownBegin, ownCount)), 48)
    return
  }
  const own = ownHistograms(0)
  const groups = groupCount()
  resetBest(0)
  for (let from = 0; from < groups; from += groupsAtOnce()) {
    const to = min<i32>(from + groupsAtOnce(), groups)
    buildHistograms(own, ownBegin, ownCount, from, to)
    if (from == 0) store<i64>(root, sumOverThreads(sumCells(own)), 48)
    const end = min<i32>(to << 3, features)
    for (let f = (from << 3) + thread; f < end; f += threads) {
      if (!load<u8>(allowed + f)) continue
      const at = histogramAt(f)
      if (threads > 1) addOthers(leafHistograms + at, at, histogramBytes(f))
      scan(leafHistograms + at, f, root, bestOf(thread, 0))
    }
  }
  barrier()
  chooseBest(0, 0)
}

/** A thread by itself counts and scans a few features at a time, while their histograms are in its cache. */
function groupsAtOnce(): i32 {
  return threads == 1 ? 32 : groupCount()
}

/** Adds what the other threads have counted of a feature. */
function addOthers(into: usize, at: usize, bytes: usize): void {
  for (let t = 0; t < threads - 1; t++) {
    const from = threadHistograms + <usize>t * histogramSet + at
    for (let b: usize = 0; b < bytes; b += 16) v128.store(into + b, i64x2.add(v128.load(into + b), v128.load(from + b)))
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function subtract(from: usize, histogram: usize, bytes: usize): void {
  for (let b: usize = 0; b < bytes; b += 16) v128.store(from + b, i64x2.sub(v128.load(from + b), v128.load(histogram + b)))
}

function writeNode(node: i32, leaf: i32, right: i32, rows: i32): void {
  const p = leafAt(leaf)
  const record = output + <usize>node * NODE_BYTES
  const total = load<i64>(p, 48)
  store<i32>(record, load<i32>(p, 24))
  store<i32>(record, load<i32>(p, 28), 4)
  store<i32>(record, load<i32>(p, 32), 8)
  store<i32>(record, ~leaf, 12)
  store<i32>(record, ~right, 16)
  store<i32>(record, rows, 20)
  store<f64>(record, (load<f64>(p, 16) * hessianScale) / (gradientScale * gradientScale), 24)
  store<f64>(record, <f64><u32>total / hessianScale, 32)
  if (isCategorical(load<i32>(p, 24))) memory.copy(output + CATEGORIES_AT + (<usize>node << 5), p + 96, 32)
  const parent = load<i32>(p, 36)
  if (parent < 0) return
  const above = output + <usize>parent * NODE_BYTES
  store<i32>(above + (load<i32>(above, 12) == ~leaf ? 12 : 16), node)
}

/** Bounds of the children: on a monotone feature they may not cross the middle of their values. */
function boundChildren(left: usize, right: usize, feature: i32, leftSum: i64, rightSum: i64): void {
  const low = load<f64>(left, 64)
  const high = load<f64>(left, 72)
  store<f64>(right, low, 64)
  store<f64>(right, high, 72)
  const direction = load<i32>(monotone + (<usize>feature << 2))
  if (direction == 0) return
  const middle = (leafValue(leftSum, low, high) + leafValue(rightSum, low, high)) / 2
  store<f64>(left + (direction > 0 ? 72 : 64), middle)
  store<f64>(right + (direction > 0 ? 64 : 72), middle)
}

/** 4 for the categories of a set, a bit each. */
function fillTable(table: usize, set: usize): void {
  for (let bin = 0; bin < 256; bin++) store<u8>(table + bin, (load<u8>(set + (bin >> 3)) >> <u8>(bin & 7)) & 1 ? 4 : 0)
}

/** Splits a leaf in two; the left child keeps its number. Gives whether the left child has fewer rows. */
function splitLeaf(leaf: i32, right: i32, node: i32): bool {
  const p = leafAt(leaf)
  const q = leafAt(right)
  const feature = load<i32>(p, 24)
  const begin = load<i32>(p)
  const own = load<i32>(p, 4)
  const table = scratch + 131328
  memory.fill(table, 0, 256)
  if (isCategorical(feature)) fillTable(table, p + 96)
  else memory.fill(table, 4, load<i32>(p, 28) + 1)
  if (load<i32>(missingFlags + (<usize>feature << 2))) {
    store<u8>(table + load<i32>(binCounts + (<usize>feature << 2)), load<i32>(p, 32) ? 4 : 0)
  }
  const ownLeft = partition(begin, own, feature, table)
  const leftRows = countOverThreads(ownLeft)
  const rightRows = load<i32>(p, 8) - leftRows
  const slot = load<i32>(p, 12)
  const depth = load<i32>(p, 56) + 1
  const leftSum = load<i64>(p, 40)
  const rightSum = load<i64>(p, 48) - leftSum
  if (thread == 0) writeNode(node, leaf, right, leftRows + rightRows)
  const smallLeft = leftRows <= rightRows
  boundChildren(p, q, feature, leftSum, rightSum)
  const live = load<u64>(p, 80) & groupsOf(feature)
  store<u64>(p, live, 80)
  store<u64>(q, live, 80)
  writeLeaf(p, begin, ownLeft, leftRows, smallLeft ? right : slot, node, leftSum, depth)
  writeLeaf(q, begin + ownLeft, own - ownLeft, rightRows, smallLeft ? slot : right, node, rightSum, depth)
  return smallLeft
}

function writeLeaf(at: usize, begin: i32, own: i32, rows: i32, slot: i32, parent: i32, total: i64, depth: i32): void {
  store<i32>(at, begin)
  store<i32>(at, own, 4)
  store<i32>(at, rows, 8)
  store<i32>(at, slot, 12)
  store<f64>(at, 0, 16)
  store<i32>(at, parent, 36)
  store<i64>(at, total, 48)
  store<i32>(at, depth, 56)
}

/**
 * Histograms of both children: the smaller is counted, the larger is the parent's minus it. Then their best splits. Nothing
 * is counted where neither may be split any more; where only the larger may, the rows of the smaller leave it one by one.
 */
function searchChildren(leaf: i32, right: i32, smallLeft: bool): void {
  const small = leafAt(smallLeft ? leaf : right)
  const large = leafAt(smallLeft ? right : leaf)
  const scanSmall = splittable(small)
  if (!splittable(large)) {
    barrier()
    return
  }
  const slot = load<i32>(small, 12)
  const smallAt = leafHistograms + <usize>slot * histogramSet
  const largeAt = leafHistograms + <usize>load<i32>(large, 12) * histogramSet
  const alone = threads == 1 && !scanSmall
  const groups = groupCount()
  resetBest(0)
  resetBest(1)
  const smallBest = bestOf(thread, smallLeft ? 0 : 1)
  const largeBest = bestOf(thread, smallLeft ? 1 : 0)
  for (let from = 0; from < groups; from += groupsAtOnce()) {
    const to = min<i32>(from + groupsAtOnce(), groups)
    if (alone) addRows(largeAt, load<i32>(small), load<i32>(small, 4), from, to, true)
    else buildHistograms(ownHistograms(slot), load<i32>(small), load<i32>(small, 4), from, to)
    barrier()
    const end = min<i32>(to << 3, features)
    for (let f = (from << 3) + thread; f < end; f += threads) {
      if (!load<u8>(allowed + f)) continue
      const at = histogramAt(f)
      if (!alone) {
        const bytes = histogramBytes(f)
        if (threads > 1) addOthers(smallAt + at, at, bytes)
        subtract(largeAt + at, smallAt + at, bytes)
      }
      if (scanSmall) scan(smallAt + at, f, small, smallBest)
      scan(largeAt + at, f, large, largeBest)
    }
  }
  barrier()
  chooseBest(leaf, 0)
  chooseBest(right, 1)
}

/** The leaf to split next, -1 for none. */
function mostGain(leaves: i32): i32 {
  let best = -1
  let gain = 0.0
  let level = i32.MAX_VALUE
  for (let leaf = 0; leaf < leaves; leaf++) {
    const g = load<f64>(leafAt(leaf), 16)
    if (g <= 0) continue
    const depth = byDepth ? load<i32>(leafAt(leaf), 56) : 0
    if (depth > level || (depth == level && g <= gain)) continue
    gain = g
    level = depth
    best = leaf
  }
  return best
}

function finishLeaves(leaves: i32): void {
  for (let leaf = 0; leaf < leaves; leaf++) {
    const p = leafAt(leaf)
    const total = load<i64>(p, 48)
    const value = learningRate * leafValue(total, load<f64>(p, 64), load<f64>(p, 72))
    if (thread == 0) {
      const record = output + LEAVES_AT + <usize>leaf * LEAF_OUT_BYTES
      store<f64>(record, value)
      store<i32>(record, load<i32>(p, 8), 8)
      store<f64>(record, <f64><u32>total / hessianScale, 16)
    }
    advanceRows(load<i32>(p), load<i32>(p, 4), value)
  }
}

/** Grows one tree leaf by leaf, best gain first, or the best of the highest level; every thread runs this and takes the same decisions. Gives the number of splits. */
export function growTree(): i32 {
  readScores()
  packGradients()
  searchRoot()
  let leaves = 1
  while (leaves < maxLeaves) {
    const leaf = mostGain(leaves)
    if (leaf < 0) break
    const right = leaves
    const smallLeft = splitLeaf(leaf, right, leaves - 1)
    leaves++
    if (leaves < maxLeaves) searchChildren(leaf, right, smallLeft)
  }
  finishLeaves(leaves)
  barrier()
  return leaves - 1
}
