import { takeRows } from '#ml/frame'
import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'
import { emitLogistic, emitRidge } from '#ml/linear/emit-linear'
import { fitLogistic, logisticScores } from '#ml/linear/logistic'
import { fitRidge, ridgePredictions } from '#ml/linear/ridge'
import { createGraph } from '#ml/onnx/graph-builder'
import { applyPreparation, defaultPreparation, emitPreparation } from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'

/** A model as ONNX, strange raw rows (null is missing), and what the learner itself predicts for them in float64. */
export interface ModelCase {
  readonly name: string
  readonly onnx: Uint8Array
  readonly columns: Readonly<Record<string, readonly (number | string | null)[]>>
  readonly own: readonly number[]
}

const strange: Readonly<Record<string, readonly (number | string | null)[]>> = {
  income: [30_000, null, -1e9, 41_500.5, 0, 1e12],
  'debt ratio': [0.2, 0.4, null, 1e-300, 0.9, null],
  employment: ['paid', null, 'astronaut', 'none', 'self', 'Zürich 🎯'],
  scores: [1, 2, null, 4, 5, 6],
}
const strangeFrame = frameOf(
  ...Object.entries(strange).map(([name, cells]) =>
    columnFrom(name, name === 'employment' ? 'text' : 'number', cells as readonly PlainCell[]),
  ),
)

function learningRows(rows = 400) {
  const random = createRandom('model cases')
  const cells = <T extends PlainCell>(make: () => T) => Array.from({ length: rows }, make)
  const income = cells(() => (random.uniform() < 0.1 ? null : Math.round(30_000 + 12_000 * random.normal())))
  const debt = cells(() => (random.uniform() < 0.05 ? null : Math.round(100 * random.uniform()) / 100))
  const employment = cells(() => ['none', 'paid', 'self', null][random.integer(4)]!)
  const z = income.map((value, i) => (value ?? 20_000) / 20_000 - 2 * (debt[i] ?? 0.5) + random.normal())
  const frame = frameOf(
    columnFrom('income', 'number', income),
    columnFrom('debt ratio', 'number', debt),
    columnFrom('employment', 'text', employment),
    columnFrom(
      'scores',
      'number',
      cells(() => random.integer(9)),
    ),
  )
  return { frame, z }
}

/** Binary and multinomial logistic regression and ridge with the default preparation, fitted on the same seeded rows. */
export function modelCases(): ModelCase[] {
  const { frame, z } = learningRows()
  const names = frame.columns.map(({ name }) => name)
  const preparation = defaultPreparation(frame, names, Uint32Array.from(z.keys()))
  const x = applyPreparation(preparation, frame)
  const rows = applyPreparation(preparation, takeRows(strangeFrame, Uint32Array.from([0, 1, 2, 3, 4, 5])))
  const encode = (emit: (graph: ReturnType<typeof createGraph>, matrix: string) => void) => {
    const graph = createGraph('parity')
    emit(graph, emitPreparation(graph, preparation))
    return graph.encode()
  }
  const logistic = (name: string, codes: number[], classes: number): ModelCase => {
    const fit = fitLogistic(x, codes, classes, { penalty: 1 })
    const onnx = encode((graph, matrix) => emitLogistic(graph, matrix, fit, names))
    return { name, onnx, columns: strange, own: [...logisticScores(fit, rows)] }
  }
  const ridge = fitRidge(x, Float64Array.from(z), { penalty: 1 })
  return [
    logistic(
      'binary',
      z.map((value) => (value > 0 ? 1 : 0)),
      2,
    ),
    logistic(
      'multinomial',
      z.map((value) => (value > 0.8 ? 2 : value > -0.5 ? 1 : 0)),
      3,
    ),
    {
      name: 'ridge',
      onnx: encode((graph, matrix) => emitRidge(graph, matrix, ridge, names)),
      columns: strange,
      own: [...ridgePredictions(ridge, rows)],
    },
  ]
}
