import type { Model, ShapKernels } from '#contract'
import { addUpColumns } from '#ml/explain/add-up-columns'
import { type Contributions, linearShap } from '#ml/explain/linear-shap'
import { preparedPlayers } from '#ml/explain/subject'
import type { Matrix } from '#ml/matrix'
import type { Preparation } from '#ml/prepare/preparation'
import { prepareTreeShap, type TreeShap } from '#ml/tree-shap/tree-shap'
import { predictMargins } from '#ml/trees/ensemble'
import type { LinkedTrees } from '#ml/trees/ensemble-json'
import { sigmoid } from '#ml/trees/link-margins'
import type { Reasons } from './reasons.ts'

/** Contributions of one row, and the score of the served file that they stand for. */
export interface ExactReasons extends Contributions {
  readonly space: Reasons['space']
  readonly said: number
}
/** Explains a prepared row; `place` is the output of the served file that is explained. */
export interface ExactModel {
  readonly method: string
  readonly preparation: Preparation
  explain(x: Matrix, place: number): ExactReasons
}

/** Linear SHAP against the means of the training rows, as explain/shap gives it; several classes on their margins. */
export function exactLinear(model: Model, means: ArrayLike<number>): ExactModel {
  const preparation = model.preparation as unknown as Preparation
  const { intercepts, coefficients } = model.linear!
  const sources = preparedPlayers(model)
  const scoreOf = (output: number, sign: number) => ({
    intercept: sign * intercepts[output]!,
    coefficients: coefficients[output]!.map((weight) => sign * weight),
  })
  const marginOf = (x: Matrix, output: number) =>
    coefficients[output]!.reduce((sum, weight, j) => sum + weight * x.values[j]!, intercepts[output]!)
  return {
    method: 'Linear SHAP',
    preparation,
    explain(x, place) {
      const single = coefficients.length === 1
      const score = scoreOf(single ? 0 : place, single && turned(model, place) ? -1 : 1)
      const contributions = linearShap(x, score, Float64Array.from(means), sources)
      const sum = total(contributions)
      if (model.purpose === 'regression') return { ...contributions, space: 'target', said: sum }
      if (single) return { ...contributions, space: 'log-odds', said: sigmoid(sum) }
      const margins = coefficients.map((_, output) => marginOf(x, output))
      return { ...contributions, space: 'margin', said: softmaxWith(margins, place, sum) }
    },
  }
}

/** Path-dependent tree SHAP; the trees are laid out once an output and kept. */
export function exactTrees(model: Model, { ensemble, link }: LinkedTrees, kernels: ShapKernels): ExactModel {
  const preparation = model.preparation as unknown as Preparation
  const sources = preparedPlayers(model)
  const kept = new Map<number, (x: Matrix) => TreeShap>()
  const shapOf = (output: number) => {
    const known = kept.get(output) ?? prepareTreeShap(kernels, ensemble, sources.length, { output, rows: 1 })
    kept.set(output, known)
    return known
  }
  const spaces = { logistic: 'log-odds', softmax: 'margin', exponential: 'log-target' } as const
  return {
    method: 'Tree SHAP, path-dependent',
    preparation,
    explain(x, place) {
      const single = ensemble.outputs === 1
      const sign = single && turned(model, place) ? -1 : 1
      const contributions = addUpColumns(shapOf(single ? 0 : place)(x), sources, sign)
      const sum = total(contributions)
      if (link === 'identity' || link === 'shares')
        return { ...contributions, space: model.purpose === 'regression' ? 'target' : 'probability', said: sum }
      return { ...contributions, space: spaces[link], said: said(sum) }

      function said(margin: number): number {
        if (link === 'logistic') return sigmoid(margin)
        if (link === 'exponential') return Math.exp(margin)
        const columns = Array.from(x.values, (value) => Float64Array.of(value))
        return softmaxWith([...predictMargins(ensemble, columns, 1)], place, margin)
      }
    },
  }
}

/** One margin stands for the second of two classes. */
const turned = ({ purpose }: Model, place: number) => purpose === 'binary' && place === 0

const total = ({ base, values }: Contributions) => values.reduce((sum, value) => sum + value, base)

/** Softmax at `place`, its margin replaced by what the contributions add up to. */
function softmaxWith(margins: readonly number[], place: number, margin: number): number {
  const given = margins.map((own, output) => (output === place ? margin : own))
  const top = Math.max(...given)
  return Math.exp(margin - top) / given.reduce((sum, own) => sum + Math.exp(own - top), 0)
}
