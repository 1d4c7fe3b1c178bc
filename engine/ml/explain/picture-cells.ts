import type { ImageSize } from '#contract'

/** A picture divided into cells of whole pixels, at most so many a side. */
export interface PictureGrid {
  readonly rows: number
  readonly columns: number
  /** The cell of each pixel, row by row; cells are numbered row by row too. */
  readonly of: Int32Array
}

export function pictureGrid({ width, height }: ImageSize, most: number): PictureGrid {
  const side = Math.ceil(Math.max(width, height) / most)
  const [rows, columns] = [Math.ceil(height / side), Math.ceil(width / side)]
  const of = Int32Array.from({ length: width * height }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / width), pixel % width]
    return Math.floor(row / side) * columns + Math.floor(column / side)
  })
  return { rows, columns, of }
}

/** Names of the cells, counted from 1. */
export const cellNames = ({ rows, columns }: PictureGrid): readonly string[] =>
  Array.from(
    { length: rows * columns },
    (_, cell) => `row ${Math.floor(cell / columns) + 1}, column ${(cell % columns) + 1}`,
  )

/** The mean of pictures of one size, byte by byte. */
export function meanPicture(pictures: readonly Uint8Array[]): Uint8Array {
  const sums = new Float64Array(pictures[0]?.length ?? 0)
  for (const picture of pictures)
    picture.forEach((value, at) => {
      sums[at]! += value
    })
  return Uint8Array.from(sums, (sum) => Math.round(sum / pictures.length))
}

/** A picture in which the cells that are not members look like another one. */
export function maskPicture(
  own: Uint8Array,
  other: Uint8Array,
  { of }: PictureGrid,
  channels: number,
  members: ArrayLike<number>,
): Uint8Array {
  return own.map((value, at) => (members[of[Math.floor(at / channels)]!] === 1 ? value : other[at]!))
}
