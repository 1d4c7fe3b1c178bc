/** A cell of the grid: its fading number of rows, when that was reckoned, and how often and when a label was asked for. */
export interface GridCell {
  density: number
  time: number
  taken: number
  asked: number
}

export interface GridOptions {
  /** Cells along each column. */
  readonly cells: number
  /** Share of a cell's density that stays at each row of the stream. */
  readonly fading: number
  /** Density from which a cell is dense. */
  readonly dense: number
}

/**
 * A grid over columns with known ranges whose cells count their rows with fading, D ← fading^Δt D + 1 (Chen & Tu 2007, KDD,
 * 133: D-Stream); values outside a range count to its edge. Clusters are dense cells joined face to face.
 */
export class DensityGrid {
  readonly options: GridOptions
  readonly low: Float64Array
  readonly high: Float64Array
  readonly cells: Map<string, GridCell>

  constructor(options: GridOptions, low: Float64Array, high: Float64Array, cells?: Iterable<[string, GridCell]>) {
    this.options = options
    this.low = low
    this.high = high
    this.cells = new Map(cells)
  }

  keyOf(row: Float64Array): string {
    const { cells } = this.options
    return Array.from(row, (value, j) => {
      const share = (value - this.low[j]!) / (this.high[j]! - this.low[j]!)
      return Math.min(cells - 1, Math.max(0, Math.floor(cells * share)))
    }).join(' ')
  }

  /** Counts a row in. */
  add(key: string, time: number): GridCell {
    const cell = this.cells.get(key) ?? { density: 0, time, taken: 0, asked: 0 }
    cell.density = cell.density * this.options.fading ** (time - cell.time) + 1
    cell.time = time
    this.cells.set(key, cell)
    return cell
  }

  isDense(key: string, time: number): boolean {
    const cell = this.cells.get(key)
    return cell !== undefined && cell.density * this.options.fading ** (time - cell.time) >= this.options.dense
  }

  /** The dense cells that can be reached from a cell over dense cells, itself included in any case. */
  clusterOf(key: string, time: number): Set<string> {
    const found = new Set([key])
    for (const at of found)
      for (const near of this.#neighbours(at)) if (!found.has(near) && this.isDense(near, time)) found.add(near)
    return found
  }

  #neighbours(key: string): string[] {
    const place = key.split(' ').map(Number)
    return place.flatMap((at, j) =>
      [at - 1, at + 1].map((other) => place.map((own, column) => (column === j ? other : own)).join(' ')),
    )
  }

  /** Drops cells that have all but faded. */
  forget(time: number): void {
    for (const [key, cell] of this.cells)
      if (cell.density * this.options.fading ** (time - cell.time) < 0.01) this.cells.delete(key)
  }
}
