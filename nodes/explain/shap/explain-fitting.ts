import type { Frame, RunContext } from '#contract'
import { type Explainable, type ExplainedOutputs, explainOutputs, openWay, type ShapPlan } from './explained-rows.ts'
import { methodNames } from './shap-method.ts'
import type { Way } from './way.ts'

/** Rows explained by the method that fits. */
export interface Fitted {
  readonly explained: Explainable
  readonly way: Way
  readonly all: ExplainedOutputs
}

/**
 * Explains the rows and outputs that are chosen for a method. Gradients that were picked, not chosen by somebody, and
 * miss what the file says by too much, as of rounded or very bent networks, give way to a method that only asks the file.
 */
export async function explainFitting(
  given: Explainable,
  chosen: ShapPlan,
  frame: Frame,
  rowsFor: (explained: Explainable) => Uint32Array,
  places: readonly number[],
  context: RunContext,
  onProgress: (fraction: number) => void,
): Promise<Fitted> {
  const explain = async (explained: Explainable): Promise<Fitted> => {
    const way = await openWay(explained, frame, context)
    const all = await explainOutputs(explained, way, frame, rowsFor(explained), places, context, onProgress)
    return { explained, way, all }
  }
  const fitted = await explain(given)
  const { gap, raw } = fitted.all
  if (chosen.method !== 'automatic' || given.method !== 'expected-gradients' || gap <= mostGap(given, raw.values))
    return fitted
  const method = given.subject === 'columns' ? 'permutation' : 'partition'
  const why = `gradients miss what the model says by up to ${Number(gap.toPrecision(2))}, as far as they can be added up`
  return explain({ ...given, method, methodName: methodNames[method], why })
}

/** What picked gradients may miss: two hundredths of a probability, or of the range of what is predicted. */
function mostGap({ regression }: Explainable, said: Float64Array): number {
  if (!regression) return 0.02
  const [low, high] = said.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const)
  return 0.02 * (high - low)
}
