/** A cell by row and column, both from 0. */
export interface CellPlace {
  readonly row: number
  readonly column: number
}
/** The cell that keys move and the one a selection began at. Row −1 is the head. */
export interface Selection {
  readonly active: CellPlace
  readonly anchor: CellPlace
}
export interface TableSize {
  readonly rows: number
  readonly columns: number
  /** Rows that one page key moves by. */
  readonly page: number
}

export interface Area {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export function areaOf(selection: Selection): Area {
  const { active, anchor } = selection
  return {
    top: Math.max(Math.min(active.row, anchor.row), 0),
    bottom: Math.max(active.row, anchor.row, 0),
    left: Math.min(active.column, anchor.column),
    right: Math.max(active.column, anchor.column),
  }
}

export function contains(area: Area, row: number, column: number): boolean {
  return row >= area.top && row <= area.bottom && column >= area.left && column <= area.right
}

type Step = (from: CellPlace, size: TableSize, far: boolean) => CellPlace

const steps: Readonly<Record<string, Step>> = {
  ArrowUp: (from, _, far) => ({ ...from, row: far ? 0 : from.row - 1 }),
  ArrowDown: (from, size, far) => ({ ...from, row: far ? size.rows - 1 : from.row + 1 }),
  ArrowLeft: (from, _, far) => ({ ...from, column: far ? 0 : from.column - 1 }),
  ArrowRight: (from, size, far) => ({ ...from, column: far ? size.columns - 1 : from.column + 1 }),
  PageUp: (from, size) => ({ ...from, row: Math.max(from.row - size.page, 0) }),
  PageDown: (from, size) => ({ ...from, row: from.row + size.page }),
  Home: (from, _, far) => ({ row: far ? 0 : from.row, column: 0 }),
  End: (from, size, far) => ({ row: far ? size.rows - 1 : from.row, column: size.columns - 1 }),
}

/** Where a key leads; undefined when the key doesn't move. Shift keeps the anchor, so the selection grows. */
export function moved(
  selection: Selection,
  key: { readonly key: string; readonly shift: boolean; readonly far: boolean },
  size: TableSize,
): Selection | undefined {
  const step = steps[key.key]
  if (!step) return undefined
  const to = step(selection.active, size, key.far)
  const active = {
    row: Math.min(Math.max(to.row, -1), Math.max(size.rows - 1, -1)),
    column: Math.min(Math.max(to.column, 0), Math.max(size.columns - 1, 0)),
  }
  return { active, anchor: key.shift && active.row >= 0 ? selection.anchor : active }
}

/** Order of a column after one more click on its head: up, down, as stored. */
export function nextSort(
  sort: { readonly column: string; readonly descending: boolean } | undefined,
  column: string,
): { readonly column: string; readonly descending: boolean } | undefined {
  if (sort?.column !== column) return { column, descending: false }
  return sort.descending ? undefined : { column, descending: true }
}
