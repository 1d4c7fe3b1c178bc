/** Dense matrix, row-major: element (i, j) is `values[i * columns + j]`. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export function matrix(rows: number, columns: number, values: Float64Array = new Float64Array(rows * columns)): Matrix {
  return { rows, columns, values }
}
