import { wasmDenseKernels } from '#compute/wasm/dense/dense-kernels'
import { fitLogistic } from '#ml/linear/logistic'
import { fitRidge } from '#ml/linear/ridge'
import { matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'
import { fitPartialLeastSquares } from '#ml/reduce/partial-least-squares'
import { fitPrincipalComponents } from '#ml/reduce/principal-components'
import { smote } from '#ml/sampling/smote'
import { correlations, measured } from '#ml/select/correlations'
import { mixedInformation, numberInformation } from '#ml/select/neighbour-information'
import { propagateLabels } from '#ml/semi-supervised/propagate-labels'
import type { OwnData, Prepare } from '../own-data.ts'

/** Three classes that overlap, as `peers/dense.py` has them. */
const threeClasses = ({ columns, labels, rows }: OwnData) =>
  Int32Array.from({ length: rows }, (_, row) => labels[row]! + (columns[5]![row]! > 1.5 ? 1 : 0))

export const works: Readonly<Record<string, Prepare>> = {
  logistic: async (data) => {
    const x = data.rowMajor()
    return () => fitLogistic(x, data.labels, 2, { penalty: 1, errors: false, products: wasmDenseKernels })
  },
  multinomial: async (data) => {
    const x = data.rowMajor()
    const classes = threeClasses(data)
    return () => fitLogistic(x, classes, 3, { penalty: 1, errors: false, products: wasmDenseKernels })
  },
  ridge: async (data) => {
    const x = data.rowMajor()
    return () => fitRidge(x, data.labels, { penalty: 1, products: wasmDenseKernels })
  },
  pca: async (data) => {
    const x = data.rowMajor()
    return () => fitPrincipalComponents(x, { components: 10 }, wasmDenseKernels)
  },
  pls: async (data) => {
    const x = data.rowMajor()
    const y = matrix(data.rows, 1, data.labels)
    return () => fitPartialLeastSquares(x, y, { components: 10 })
  },
  correlations: async (data) => () => {
    const all = data.columns.map(measured)
    return correlations(all, all, wasmDenseKernels)
  },
  'class-information': async ({ columns, labels }) => {
    const codes = Int32Array.from(labels)
    return () => columns.map((column) => mixedInformation(column, codes))
  },
  'number-information': async ({ columns }) => {
    const target = columns[0]!.map((value, row) => value + columns[1]![row]!)
    return () => columns.map((column) => numberInformation(column, target))
  },
  smote: async (data) => {
    const x = data.rowMajor()
    const codes = Int32Array.from(data.labels, (label, row) => (row % 4 === 0 ? label : 0))
    return () => smote(x, codes, 2, createRandom(1), { kernels: wasmDenseKernels })
  },
  'label-propagation': async (data) => {
    const x = data.rowMajor()
    const codes = Int32Array.from(data.labels, (label, row) => (row % 10 === 0 ? label : -1))
    return () => propagateLabels(x, codes, 2, { method: 'propagation', kernel: { kind: 'rbf', gamma: 2 } })
  },
}
