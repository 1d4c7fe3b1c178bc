/**
 * Small linear programs, minimise c'x with A x <= b, E x = e, x >= 0, by the two-phase simplex method on a dense tableau
 * with Bland's rule (1977, Mathematics of Operations Research 2:103), which can not cycle. For some hundred variables.
 */
export interface LinearProgram {
  readonly costs: ArrayLike<number>
  readonly atMost?: readonly { readonly row: ArrayLike<number>; readonly bound: number }[]
  readonly equal?: readonly { readonly row: ArrayLike<number>; readonly value: number }[]
}

export interface LinearSolution {
  readonly x: Float64Array
  readonly value: number
  /** Of the rows at most: what the value falls by a unit of bound; none below 0. */
  readonly multipliers: Float64Array
}

const tiny = 1e-10

interface Tableau {
  readonly rows: Float64Array[]
  readonly basis: number[]
  /** Columns that may enter. */
  readonly usable: number
  /** Index of the right-hand side. */
  readonly end: number
}

/** The solution; undefined where there is none or the value has no lower limit. */
export function solveLinearProgram({ costs, atMost = [], equal = [] }: LinearProgram): LinearSolution | undefined {
  const variables = costs.length
  const usable = variables + atMost.length
  const end = usable + atMost.length + equal.length
  const tableau: Tableau = { rows: [], basis: [], usable, end }
  const add = (row: ArrayLike<number>, right: number, slack: number) => {
    const sign = right < 0 ? -1 : 1
    const cells = new Float64Array(end + 1)
    for (let j = 0; j < variables; j++) cells[j] = sign * row[j]!
    if (slack >= 0) cells[slack] = sign
    cells[end] = sign * right
    const own = slack >= 0 && sign > 0 ? slack : usable + tableau.rows.length
    cells[own] = 1
    tableau.rows.push(cells)
    tableau.basis.push(own)
  }
  atMost.forEach(({ row, bound }, index) => {
    add(row, bound, variables + index)
  })
  for (const { row, value } of equal) add(row, value, -1)
  const artificial = Float64Array.from({ length: end }, (_, column) => (column >= usable ? 1 : 0))
  const first = optimise(tableau, artificial)
  if (!first || -first[end]! > 1e-8) return undefined
  expelArtificial(tableau)
  const reduced = optimise(
    tableau,
    Float64Array.from({ length: end }, (_, j) => (j < variables ? costs[j]! : 0)),
  )
  if (!reduced) return undefined
  const x = new Float64Array(variables)
  tableau.basis.forEach((column, row) => {
    if (column < variables) x[column] = tableau.rows[row]![end]!
  })
  return { x, value: -reduced[end]!, multipliers: reduced.slice(variables, usable).map((cost) => Math.max(0, cost)) }
}

/** The reduced costs at the optimum, its negative value last; undefined without a lower limit. */
function optimise(tableau: Tableau, costs: Float64Array): Float64Array | undefined {
  const { rows, basis, usable, end } = tableau
  const reduced = new Float64Array(end + 1)
  reduced.set(costs)
  basis.forEach((column, row) => {
    subtract(reduced, rows[row]!, reduced[column]!)
  })
  for (;;) {
    let entering = 0
    while (entering < usable && reduced[entering]! >= -tiny) entering++
    if (entering === usable) return reduced
    const leaving = leavingRow(tableau, entering)
    if (leaving < 0) return undefined
    pivot(tableau, leaving, entering)
    subtract(reduced, rows[leaving]!, reduced[entering]!)
  }
}

function leavingRow({ rows, basis, end }: Tableau, entering: number): number {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  rows.forEach((cells, row) => {
    const step = cells[entering]!
    if (step <= tiny) return
    const ratio = cells[end]! / step
    if (ratio > least + 1e-12 || (ratio >= least - 1e-12 && basis[row]! > basis[best]!)) return
    best = row
    least = Math.min(least, ratio)
  })
  return best
}

function pivot({ rows, basis }: Tableau, row: number, column: number): void {
  const scale = 1 / rows[row]![column]!
  for (let j = 0; j < rows[row]!.length; j++) rows[row]![j]! *= scale
  rows.forEach((cells, other) => {
    if (other !== row) subtract(cells, rows[row]!, cells[column]!)
  })
  basis[row] = column
}

function subtract(from: Float64Array, row: Float64Array, times: number): void {
  if (times === 0) return
  for (let j = 0; j < from.length; j++) from[j]! -= times * row[j]!
}

/** Artificial variables that stayed in the basis at 0 give way, or their row says nothing new. */
function expelArtificial(tableau: Tableau): void {
  for (let row = tableau.rows.length - 1; row >= 0; row--) {
    if (tableau.basis[row]! < tableau.usable) continue
    const column = tableau.rows[row]!.findIndex((cell, j) => j < tableau.usable && Math.abs(cell) > tiny)
    if (column >= 0) pivot(tableau, row, column)
    else {
      tableau.rows.splice(row, 1)
      tableau.basis.splice(row, 1)
    }
  }
}
