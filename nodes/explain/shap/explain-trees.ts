import { type Model, ProblemError, type RunContext } from '#contract'
import { addUpColumns } from '#ml/explain/add-up-columns'
import type { Contributions } from '#ml/explain/linear-shap'
import type { Matrix } from '#ml/matrix'
import { treeShap } from '#ml/tree-shap/tree-shap'
import { type LinkedTrees, parseEnsemble } from '#ml/trees/ensemble-json'

/** The trees of a model, with the output that is explained and whether its margin has to be turned round. */
export interface ExplainedTrees extends LinkedTrees {
  readonly output: number
  readonly sign: 1 | -1
}

/** Reads what `Model.trees` names; refuses trees whose margin has no scale that people know. */
export async function readTrees(model: Model, positive: string, context: RunContext): Promise<ExplainedTrees> {
  const linked = parseEnsemble(new TextDecoder().decode(await context.blobs.get(model.trees!)))
  const { link, ensemble } = linked
  if (link === 'exponential' || link === 'softmax')
    throw new ProblemError({
      code: 'not-supported',
      message: `The trees add up to ${link === 'softmax' ? 'one margin a class' : 'the logarithm of the prediction'}, which this node does not explain.`,
      path: ['inputs', 'model'],
      fix: 'Connect a model of two classes, or of a number with another objective',
    })
  const place = Math.max(0, (model.classes ?? []).indexOf(positive))
  const turned = model.purpose === 'binary' && ensemble.outputs === 1 && place === 0
  return { ...linked, output: ensemble.outputs === 1 ? 0 : place, sign: turned ? -1 : 1 }
}

/** Path-dependent Shapley values on the margin; columns made from one raw column are added up. */
export async function explainTrees(
  { ensemble, output, sign }: ExplainedTrees,
  matrix: Matrix,
  sources: readonly string[],
  context: RunContext,
): Promise<Contributions> {
  const own = treeShap(await context.kernels.shap(), ensemble, matrix, undefined, output)
  return addUpColumns(own, sources, sign)
}
