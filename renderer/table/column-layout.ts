import type { Column } from '#contract'

export const numberColumnWidth = 58

const widths: Readonly<Record<Column['type'], number>> = {
  boolean: 96,
  integer: 118,
  number: 124,
  text: 150,
  date: 138,
  image: 130,
}

export interface ColumnLayout {
  /** Left edges of all columns, and the total width last. */
  readonly edges: Float64Array
}

export function columnLayout(columns: readonly Column[]): ColumnLayout {
  const edges = new Float64Array(columns.length + 1)
  for (const [i, column] of columns.entries()) {
    const named = Math.min(column.name.length * 7.4 + 64, 280)
    edges[i + 1] = edges[i]! + Math.max(widths[column.type], named)
  }
  return { edges }
}

/** First and last column that a part of the width touches; the table may have ten thousand. */
export function columnsInView(layout: ColumnLayout, left: number, width: number): readonly [number, number] {
  const { edges } = layout
  const count = edges.length - 1
  if (count <= 0) return [0, -1]
  return [columnAt(edges, left), columnAt(edges, left + width)]
}

function columnAt(edges: Float64Array, x: number): number {
  let low = 0
  let high = edges.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (edges[middle]! <= x) low = middle
    else high = middle - 1
  }
  return low
}
