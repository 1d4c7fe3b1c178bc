// Margins of a tree for many rows: eight rows step down together without a branch, so that none waits for another's loads.
//
// Node record, 32 bytes: threshold f64, byte of the feature in a row u32 @8, missing left i32 @12, left and right child as bytes
// from the first node u32 @16 and @20, value f64 @24. A leaf is its own child on both sides.

// @ts-ignore: AssemblyScript decorator
@inline
function step(nodes: usize, at: u32, row: usize): u32 {
  const node = nodes + at
  const value = load<f64>(row + load<u32>(node, 8))
  const goesLeft = <i32>(value <= load<f64>(node)) | (<i32>(value != value) & load<i32>(node, 12))
  return select<u32>(load<u32>(node, 16), load<u32>(node, 20), goesLeft)
}

/** Adds the values of the leaves that rows [0, rows) of row-major f64 x reach to every `stride`-th f64 of `out`. */
export function scoreTree(nodes: usize, depth: i32, x: usize, rows: i32, features: i32, out: usize, stride: i32): void {
  const width = <usize>features << 3
  const next = <usize>stride << 3
  let row = x
  let to = out
  let i = 0
  for (; i + 7 < rows; i += 8) {
    const r1 = row + width
    const r2 = r1 + width
    const r3 = r2 + width
    const r4 = r3 + width
    const r5 = r4 + width
    const r6 = r5 + width
    const r7 = r6 + width
    let n0: u32 = 0
    let n1: u32 = 0
    let n2: u32 = 0
    let n3: u32 = 0
    let n4: u32 = 0
    let n5: u32 = 0
    let n6: u32 = 0
    let n7: u32 = 0
    for (let level = 0; level < depth; level++) {
      const before = n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7
      n0 = step(nodes, n0, row)
      n1 = step(nodes, n1, r1)
      n2 = step(nodes, n2, r2)
      n3 = step(nodes, n3, r3)
      n4 = step(nodes, n4, r4)
      n5 = step(nodes, n5, r5)
      n6 = step(nodes, n6, r6)
      n7 = step(nodes, n7, r7)
      // children come after their parents, so the sum stands still only when all stand on leaves
      if (before == n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7) break
    }
    store<f64>(to, load<f64>(to) + load<f64>(nodes + n0, 24))
    store<f64>(to + next, load<f64>(to + next) + load<f64>(nodes + n1, 24))
    to += 2 * next
    store<f64>(to, load<f64>(to) + load<f64>(nodes + n2, 24))
    store<f64>(to + next, load<f64>(to + next) + load<f64>(nodes + n3, 24))
    to += 2 * next
    store<f64>(to, load<f64>(to) + load<f64>(nodes + n4, 24))
    store<f64>(to + next, load<f64>(to + next) + load<f64>(nodes + n5, 24))
    to += 2 * next
    store<f64>(to, load<f64>(to) + load<f64>(nodes + n6, 24))
    store<f64>(to + next, load<f64>(to + next) + load<f64>(nodes + n7, 24))
    to += 2 * next
    row = r7 + width
  }
  for (; i < rows; i++) {
    let n: u32 = 0
    for (let level = 0; level < depth; level++) n = step(nodes, n, row)
    store<f64>(to, load<f64>(to) + load<f64>(nodes + n, 24))
    to += next
    row += width
  }
}
