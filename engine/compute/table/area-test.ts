import { areaBox, type Column, type Corners, insideArea } from '#contract'
import type { ChunkStatistics, ParquetFile } from '../parquet/read-parquet.ts'

/** Whether two cells of a row are a point in an outline; a row group beside it is told by its extremes alone. */
export function areaTest(file: ParquetFile, x: Column, y: Column, corners: Corners) {
  const box = areaBox(corners)
  return (group: number): boolean | ((row: number) => boolean) => {
    if (beside(file.statistics(group, x), box.x) || beside(file.statistics(group, y), box.y)) return false
    const [xs, ys] = [file.readChunk(group, x), file.readChunk(group, y)]
    if (xs.kind !== 'number' || ys.kind !== 'number') return false
    return (row) => insideArea(corners, xs.at(row), ys.at(row))
  }
}

function beside({ min, max }: ChunkStatistics, [from, to]: readonly [number, number]): boolean {
  return min !== undefined && max !== undefined && (min > to || max < from)
}
