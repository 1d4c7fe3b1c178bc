import {
  type Column,
  type Corners,
  type FrameColumn,
  farthestCorner,
  insideArea,
  mostCorners,
  type Problem,
} from '#contract'
import { areaSql } from '#ml/choose/predicate-sql'
import type { RowTest } from './row-test.ts'

/** Rows that lie in an outline over two columns. */
export interface FilterArea {
  readonly x: string
  readonly y: string
  /** "20 1.5, 30 2, 25 4": x and y of each corner; dates as milliseconds UTC or ISO text. */
  readonly outline: string
}

function coordinate(text: string): number {
  const value = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number(text)
  return text !== '' && Math.abs(value) <= farthestCorner ? value : Number.NaN
}

/** The corners of an outline; undefined where it can not be read. */
export function parseOutline(text: string): Corners | undefined {
  const corners = text.split(',').map((corner) => corner.trim().split(/\s+/).map(coordinate))
  const sound = corners.every((corner) => corner.length === 2 && !corner.some(Number.isNaN))
  if (!sound || corners.length < 3 || corners.length > mostCorners) return undefined
  return corners.map(([x, y]) => [x!, y!] as const)
}

const isOrdered = ({ type }: Column) => type !== 'text' && type !== 'image'

function complaints({ x, y, outline }: FilterArea, index: number, columns: readonly Column[]): Problem[] {
  const ofColumn = (['x', 'y'] as const).flatMap((side): Problem[] => {
    const name = side === 'x' ? x : y
    const column = columns.find((one) => one.name === name)
    if (column && isOrdered(column)) return []
    return [
      {
        code: column ? 'column-type' : 'column-unknown',
        message: column
          ? `An outline lies over ${name}, which is ${column.type === 'text' ? 'text' : 'a picture'} and has no order.`
          : `An outline lies over the column ${name}, which the table does not have.`,
        path: ['params', 'areas', index, side],
        fix: `Name one of ${columns
          .filter(isOrdered)
          .slice(0, 12)
          .map((one) => one.name)
          .join(', ')}`,
        columns: [name],
      },
    ]
  })
  if (parseOutline(outline)) return ofColumn
  const unread: Problem = {
    code: 'parameter-bad',
    message: `The outline over ${x} and ${y} can not be read: it needs 3 to ${mostCorners} corners of two numbers each.`,
    path: ['params', 'areas', index, 'outline'],
    fix: 'Write corners as 20 1.5, 30 2, 25 4, or draw the outline in a chart again',
  }
  return [...ofColumn, unread]
}

/** A test of two columns; one that complains holds for no row. */
export function areaTest(area: FilterArea, index: number, columns: readonly Column[]): RowTest {
  const [x, y] = [area.x, area.y].map((name) => columns.find((one) => one.name === name))
  const corners = parseOutline(area.outline) ?? []
  return {
    words: `${area.x} and ${area.y} in an outline of ${corners.length} corners`,
    problems: complaints(area, index, columns),
    columns: [area.x, area.y],
    sql: x && y && corners.length > 0 ? areaSql(x, y, { corners }) : 'false',
    rows: (frame) => {
      const [xs, ys] = [area.x, area.y].map((name) => numbersOf(frame.columns.find((one) => one.name === name)))
      const inside = (row: number) => (xs && ys && insideArea(corners, xs[row]!, ys[row]!) ? 1 : 0)
      return Uint8Array.from({ length: frame.rows }, (_, row) => inside(row))
    },
  }
}

const numbersOf = (column: FrameColumn | undefined) =>
  column?.cells.kind === 'number' ? column.cells.values : undefined
