import type { LinearClassifier } from '#ml/attack/linear-victim'
import { type Matrix, matrix } from '#ml/matrix'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import { readGolden } from './read-golden.ts'

interface GradientCase {
  readonly norm: 'linf' | 'l2'
  readonly radius: number
  readonly steps: number
  readonly stepLength: number
  readonly fast: number[]
  readonly slow: number[]
  readonly fastAccuracy: number
  readonly slowAccuracy: number
}
interface Attacked {
  readonly x: number[]
  readonly classOf: number[]
  readonly low: number
  readonly high: number
  readonly shown: number
  readonly cases: GradientCase[]
}
interface Golden {
  readonly network: Attacked & {
    readonly inputs: number
    readonly hidden: number
    readonly parameters: number[]
    readonly accuracy: number
    readonly probabilities: number[]
  }
  readonly wine: Attacked & {
    readonly columns: number
    readonly coefficients: number[][]
    readonly intercepts: number[]
  }
  readonly decision: {
    readonly rows: number[]
    readonly medians: Readonly<Record<'l2' | 'linf', number[]>>
    readonly zoo: { readonly fooled: number; readonly median: number }[]
  }
  readonly inversion: { coefficients: number[]; intercept: number; steps: number; rate: number; rows: number[] }
  readonly spectral: { columns: number; x: number[]; scores: number[] }
}

/** What ART and NumPy found; see ml_attack.py. */
export const attackGolden = readGolden<Golden>('ml-attack')

/** Rows of a golden's flat list. */
export const rowsOf = (values: ArrayLike<number>, columns: number): Matrix =>
  matrix(values.length / columns, columns, Float64Array.from(values))

/** The golden's network with one hidden layer of tanh and one logit. */
export const attackedNetwork: TrainedNetwork = {
  network: {
    inputs: [attackGolden.network.inputs],
    layers: [
      { kind: 'dense', units: attackGolden.network.hidden },
      { kind: 'activation', function: 'tanh' },
      { kind: 'dense', units: 1 },
    ],
  },
  parameters: Float32Array.from(attackGolden.network.parameters),
  statistics: new Float32Array(0),
}

/** The golden's logistic regression of three classes. */
export const attackedWine: LinearClassifier = {
  classes: 3,
  intercepts: attackGolden.wine.intercepts,
  coefficients: attackGolden.wine.coefficients.map((set) => Float64Array.from(set)),
}
