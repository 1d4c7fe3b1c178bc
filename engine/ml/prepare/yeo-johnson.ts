import type { Graph } from '../onnx/graph-builder.ts'
import { minimiseBrent } from './minimise-brent.ts'

/**
 * The power transformation of Yeo & Johnson (2000, Biometrika 87:954): ((x + 1)^λ - 1) / λ from 0 up and
 * -((1 - x)^(2 - λ) - 1) / (2 - λ) below, logarithms at λ = 0 and 2; λ by maximum likelihood as in scikit-learn's
 * PowerTransformer, but kept within ±5, beyond which it turns columns into steps.
 */
export interface YeoJohnsonCurve {
  readonly kind: 'yeo-johnson'
  readonly lambda: number
}

const bound = 5
/** Results stay within these numbers, so that what follows is finite. */
const largest = 1e100

/** λ is told to six decimals: the flat bottom of the likelihood does not say more, and powers lose their digits near 0. */
const decimals = 1e6

const near = (value: number, to: number) => Math.abs(value - to) < 2.3e-16

export function yeoJohnson(x: number, { lambda }: YeoJohnsonCurve): number {
  const value =
    x >= 0
      ? near(lambda, 0)
        ? Math.log(1 + x)
        : ((x + 1) ** lambda - 1) / lambda
      : near(lambda, 2)
        ? -Math.log(1 - x)
        : -((1 - x) ** (2 - lambda) - 1) / (2 - lambda)
  return Math.min(largest, Math.max(-largest, value))
}

/**
 * The negative log-likelihood a row as a function of λ, up to a constant: half the logarithm of the variance minus the
 * Jacobian. Powers are taken as exponentials of logarithms that are computed once.
 */
function lossOf(values: Float64Array): (lambda: number) => number {
  const n = values.length
  const logs = values.map((x) => Math.log1p(Math.abs(x)))
  const moved = new Float64Array(n)
  let jacobian = 0
  for (let i = 0; i < n; i++) jacobian += Math.sign(values[i]!) * logs[i]!
  return (lambda) => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      const below = values[i]! < 0
      const power = below ? 2 - lambda : lambda
      const size = Math.min(largest, near(power, 0) ? logs[i]! : Math.expm1(power * logs[i]!) / power)
      moved[i] = below ? -size : size
      sum += moved[i]!
    }
    const mean = sum / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += (moved[i]! - mean) ** 2
    const finite = squares > 0 && Number.isFinite(squares)
    return finite ? 0.5 * Math.log(squares / n) - ((lambda - 1) * jacobian) / n : Number.POSITIVE_INFINITY
  }
}

/** λ of finite values; 1, which changes nothing, for a constant column. */
export function fitYeoJohnson(values: Float64Array): YeoJohnsonCurve {
  if (values.every((value) => value === values[0])) return { kind: 'yeo-johnson', lambda: 1 }
  const found = minimiseBrent(lossOf(values), -bound, bound)
  return { kind: 'yeo-johnson', lambda: Math.round(found * decimals) / decimals + 0 }
}

/** `[N, 1]` to `[N, 1]`. Both branches are computed on values they can take. */
export function emitYeoJohnson(graph: Graph, x: string, { lambda }: YeoJohnsonCurve): string {
  const one = graph.number(1)
  const zero = graph.number(0)
  const branch = (size: string, power: number) => {
    const base = graph.apply('Add', [size, one])
    if (near(power, 0)) return graph.apply('Log', [base])
    const raised = graph.apply('Pow', [base, graph.number(power)])
    return graph.apply('Div', [graph.apply('Sub', [raised, one]), graph.number(power)])
  }
  const above = branch(graph.apply('Max', [x, zero]), lambda)
  const below = graph.apply('Neg', [branch(graph.apply('Neg', [graph.apply('Min', [x, zero])]), 2 - lambda)])
  const value = graph.apply('Where', [graph.apply('GreaterOrEqual', [x, zero]), above, below])
  return graph.apply('Min', [graph.apply('Max', [value, graph.number(-largest)]), graph.number(largest)])
}
