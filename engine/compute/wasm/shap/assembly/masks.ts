/**
 * The distinct ones of `rows` masks of at most 16 bits, in order of appearance, with their shares. `counts` holds a zeroed
 * u32 a mask and is zero again afterwards. Returns how many are distinct.
 */
export function distinctMasks(seen: usize, rows: i32, counts: usize, masks: usize, shares: usize): i32 {
  let distinct = 0
  for (let row = 0; row < rows; row++) {
    const mask = load<u64>(seen + (<usize>row << 3))
    const count = counts + (<usize>mask << 2)
    const before = load<u32>(count)
    if (!before) {
      store<u64>(masks + (<usize>distinct << 3), mask)
      distinct++
    }
    store<u32>(count, before + 1)
  }
  for (let entry = 0; entry < distinct; entry++) {
    const count = counts + (<usize>load<u64>(masks + (<usize>entry << 3)) << 2)
    store<f64>(shares + (<usize>entry << 3), <f64>load<u32>(count) / <f64>rows)
    store<u32>(count, 0)
  }
  return distinct
}
