import type { Cells, Column, Frame } from '#contract'

/** Collects the cells of one column row by row; grows as needed and starts over after `take`. */
export class NumberBuilder {
  #values = new Float64Array(1_024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.length++] = value
  }

  /** Takes back the newest cell. */
  drop(): void {
    this.length--
  }

  take(): Cells {
    const values = this.#values.slice(0, this.length)
    this.length = 0
    return { kind: 'number', values }
  }
}

/** Orders texts by UTF-16 code unit, the order of every level list. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Levels in code-unit order and each old code's new place. */
export function sortLevels(levels: readonly string[]): { readonly levels: string[]; readonly place: Int32Array } {
  const order = Array.from(levels, (_, code) => code).sort((a, b) => compareCodeUnits(levels[a]!, levels[b]!))
  const place = new Int32Array(levels.length)
  order.forEach((code, rank) => {
    place[code] = rank
  })
  return { levels: order.map((code) => levels[code]!), place }
}

export class TextBuilder {
  #codes = new Int32Array(1_024)
  #known = new Map<string, number>()
  length = 0

  push(value: string | null): void {
    if (this.length === this.#codes.length) {
      const grown = new Int32Array(this.length * 2)
      grown.set(this.#codes)
      this.#codes = grown
    }
    this.#codes[this.length++] = value === null ? -1 : this.#codeOf(value)
  }

  #codeOf(value: string): number {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const code = this.#known.size
    this.#known.set(value, code)
    return code
  }

  /** Takes back the newest cell; its level stays known. */
  drop(): void {
    this.length--
  }

  take(): Cells {
    const { levels, place } = sortLevels([...this.#known.keys()])
    const codes = this.#codes.slice(0, this.length)
    for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) codes[row] = place[codes[row]!]!
    this.#known = new Map()
    this.length = 0
    return { kind: 'text', codes, levels }
  }
}

export type CellBuilder = NumberBuilder | TextBuilder

export function isTextual(column: Pick<Column, 'type'>): boolean {
  return column.type === 'text' || column.type === 'image'
}

export function takeFrame(columns: readonly Column[], builders: readonly CellBuilder[]): Frame {
  const rows = builders[0]?.length ?? 0
  return { rows, columns: columns.map((column, index) => ({ ...column, cells: builders[index]!.take() })) }
}
