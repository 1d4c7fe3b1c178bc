import type { ImageSize } from '#contract'
import { byteCount, cellOfPixels, pixelsOfCell } from '../image/pixel-cells.ts'
import { wordSpans } from '../prepare/text-tokens.ts'
import { halvingTree } from './halving-tree.ts'
import type { PlayerTree } from './partition-shap.ts'
import { cellNames, maskPicture, meanPicture, pictureGrid } from './picture-cells.ts'

/** A cell in pieces that can be left out. */
export interface CellPieces {
  /** Whom each piece counts for; several may have one name. */
  readonly names: readonly string[]
  readonly tree: PlayerTree
  /** The cell with the pieces whose member is 1 only. */
  cell(members: ArrayLike<number>): string
}

/** A text loses the words that are left out; what stands between them stays. */
export function wordPieces(text: string): CellPieces {
  const whole = text.toWellFormed()
  const spans = wordSpans(whole)
  return {
    names: spans.map(({ token }) => token),
    tree: halvingTree(1, spans.length),
    cell(members) {
      let [made, at] = ['', 0]
      spans.forEach(({ from, to }, place) => {
        made += whole.slice(at, members[place] === 1 ? to : from)
        at = to
      })
      return made + whole.slice(at)
    },
  }
}

/** Cells a side of a picture that is explained by its scores. */
export const mostSides = 8

/** Pictures that are no picture are black. */
const pixelsOf = (cell: string | null, size: ImageSize, column: string) =>
  cell ? pixelsOfCell(cell, size, column) : new Uint8Array(byteCount(size))

/** The mean of pictures of one size, as a cell. */
export const meanPictureCell = (cells: readonly (string | null)[], size: ImageSize, column: string): string =>
  cellOfPixels(meanPicture(cells.map((cell) => pixelsOf(cell, size, column))))

/** A picture's cells that are left out look like those of `other`, the mean of pictures to compare with. */
export function picturePieces(size: ImageSize, column: string, other: string): (cell: string) => CellPieces {
  const mean = pixelsOf(other, size, column)
  const grid = pictureGrid(size, mostSides)
  const [names, tree] = [cellNames(grid), halvingTree(grid.rows, grid.columns)]
  return (cell) => {
    const own = pixelsOf(cell, size, column)
    return { names, tree, cell: (members) => cellOfPixels(maskPicture(own, mean, grid, size.channels, members)) }
  }
}
