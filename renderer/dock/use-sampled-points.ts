import type { ArtifactSummary, Column, Engine } from '#contract'
import { useAnswer } from '../shell/use-answer.ts'

/** Points of rows with where these stand in the table. */
export interface SampledPoints {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly places: readonly number[]
}

/** Points that are drawn at most, in parts from all over a longer table. */
const mostPoints = 1_000
const parts = 10

/** Where the rows begin that are read, and how many from there. */
export function sampledParts(rows: number): readonly (readonly [offset: number, limit: number])[] {
  if (rows <= mostPoints) return [[0, rows]]
  const limit = mostPoints / parts
  return Array.from({ length: parts }, (_, part) => [Math.floor(((rows - limit) * part) / (parts - 1)), limit] as const)
}

async function readPoints(
  engine: Engine,
  { hash, rows = 0 }: Pick<ArtifactSummary, 'hash' | 'rows'>,
  at: readonly [x: number, y: number],
): Promise<SampledPoints> {
  const points = { x: [] as number[], y: [] as number[], places: [] as number[] }
  for (const [offset, limit] of sampledParts(rows)) {
    const [xs, ys] = await Promise.all(
      at.map((column) => engine.rows({ table: hash, offset, limit, columns: [column, column] })),
    )
    for (const [row, [x]] of xs!.rows.entries()) {
      const y = ys!.rows[row]?.[0]
      if (typeof x !== 'number' || typeof y !== 'number') continue
      points.x.push(x)
      points.y.push(y)
      points.places.push(offset + row)
    }
  }
  return points
}

/** Two columns of numbers of a table as points; of a long table some from all over it. Undefined until they are read. */
export function useSampledPoints(
  engine: Engine,
  table: Pick<ArtifactSummary, 'hash' | 'rows'>,
  columns: readonly Column[],
  names: readonly [x: string, y: string],
): SampledPoints | undefined {
  const [x, y] = names.map((name) => columns.findIndex((column) => column.name === name)) as [number, number]
  const key = `${table.hash} ${x} ${y}`
  return useAnswer(key, () => readPoints(engine, table, [x, y])).value
}
