export const rowHeight = 28

/** Browsers stop growing an element at about 33 million pixels; beyond this one pixel stands for several. */
const maximalHeight = 12_000_000

/** How a scroll bar stands for rows. All heights in CSS pixels, without the header. */
export interface ScrollRange {
  readonly rows: number
  readonly viewport: number
  /** Height of the scrolled content. */
  readonly height: number
}

export function scrollRange(rows: number, viewport: number): ScrollRange {
  return { rows, viewport, height: Math.min(rows * rowHeight, maximalHeight) }
}

/** Rows that fit into the viewport whole. */
export function rowsInView(range: ScrollRange): number {
  return Math.max(1, Math.floor(range.viewport / rowHeight))
}

const furthest = (range: ScrollRange) => Math.max(0, range.rows - range.viewport / rowHeight)
const travel = (range: ScrollRange) => Math.max(0, range.height - range.viewport)

/** The row at the upper edge, with its hidden fraction. */
export function topRow(range: ScrollRange, scrollTop: number): number {
  const way = travel(range)
  if (way === 0) return 0
  return Math.min(Math.max(scrollTop / way, 0), 1) * furthest(range)
}

/** Where the scroll bar must stand for this row to be at the upper edge. */
export function scrollTopOf(range: ScrollRange, row: number): number {
  const last = furthest(range)
  if (last === 0) return 0
  return (Math.min(Math.max(row, 0), last) / last) * travel(range)
}

/** Whether one pixel of the bar is more than a pixel of rows, so that the wheel must be followed by hand. */
export function isCompressed(range: ScrollRange): boolean {
  return range.rows * rowHeight > range.height
}

/** The upper edge that brings a row into view with the least movement. */
export function topToShow(range: ScrollRange, row: number, top: number): number {
  const whole = range.viewport / rowHeight
  if (row < top) return row
  return row > top + whole - 1 ? Math.min(row - whole + 1, furthest(range)) : top
}
