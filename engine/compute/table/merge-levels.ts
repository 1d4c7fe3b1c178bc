/** Sorted dictionaries, one a row group. */
export interface Levels {
  readonly levels: number
  level(code: number): string
}

interface Cursor {
  readonly group: number
  readonly of: Levels
  code: number
  text: string
}

/**
 * Goes through the levels of all groups in their order, each once, with the groups and codes it has. A merge by a binary heap
 * (Knuth, The Art of Computer Programming 3, 5.4.1): of dictionaries of any size only one level a group is held as text.
 */
export function mergeLevels(
  groups: readonly Levels[],
  take: (level: string, members: readonly { readonly group: number; readonly code: number }[]) => void,
): void {
  const heap: Cursor[] = []
  groups.forEach((of, group) => {
    if (of.levels > 0) push(heap, { group, of, code: 0, text: of.level(0) })
  })
  while (heap.length > 0) {
    const { text } = heap[0]!
    const members: { group: number; code: number }[] = []
    while (heap.length > 0 && heap[0]!.text === text) {
      const cursor = heap[0]!
      members.push({ group: cursor.group, code: cursor.code })
      cursor.code++
      if (cursor.code < cursor.of.levels) cursor.text = cursor.of.level(cursor.code)
      else if (heap.length > 1) heap[0] = heap.pop()!
      else heap.pop()
      sink(heap)
    }
    take(text, members)
  }
}

function push(heap: Cursor[], cursor: Cursor): void {
  let at = heap.push(cursor) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    if (heap[above]!.text <= cursor.text) break
    heap[at] = heap[above]!
    at = above
  }
  heap[at] = cursor
}

function sink(heap: Cursor[]): void {
  const cursor = heap[0]
  if (!cursor) return
  let at = 0
  for (;;) {
    let below = 2 * at + 1
    if (below >= heap.length) break
    if (below + 1 < heap.length && heap[below + 1]!.text < heap[below]!.text) below++
    if (heap[below]!.text >= cursor.text) break
    heap[at] = heap[below]!
    at = below
  }
  heap[at] = cursor
}
