import type { Frame, Model, RunContext } from '#contract'
import { addUpColumns } from '#ml/explain/add-up-columns'
import type { Contributions } from '#ml/explain/linear-shap'
import { type Matrix, matrix } from '#ml/matrix'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { prepareTreeShap } from '#ml/tree-shap/tree-shap'
import { predictMargins } from '#ml/trees/ensemble'
import { type LinkedTrees, parseEnsemble } from '#ml/trees/ensemble-json'
import { byColumn } from '../../train/tree-model.ts'
import type { Way } from './way.ts'

/** The trees of a model over its prepared columns. */
export const readTrees = async (model: Model, context: RunContext): Promise<LinkedTrees> =>
  parseEnsemble(new TextDecoder().decode(await context.blobs.get(model.trees!)))

/** Rows explained between two looks at whether the run was cancelled. */
const rowsAtOnce = 256

/** Tree SHAP: path-dependent, or against background rows. */
export async function treesWay(
  model: Model,
  players: readonly string[],
  background: Frame | undefined,
  context: RunContext,
): Promise<Way> {
  const { ensemble, link } = await readTrees(model, context)
  const preparation = model.preparation as unknown as Preparation
  const prepare = (rows: Frame) => applyPreparation(preparation, rows)
  const others = background && prepare(background)
  const kernels = await context.kernels.shap()
  return {
    link,
    margins: ensemble.outputs,
    prepare,
    background: others?.rows ?? 0,
    ...(others && { others }),
    async explain(rows, margins, onProgress) {
      const x = prepare(rows)
      const outputs = margins.map((output, at): Contributions => {
        const explain = prepareTreeShap(kernels, ensemble, x.columns, { background: others, output, rows: x.rows })
        const values = new Float64Array(x.values.length)
        let base = 0
        for (let from = 0; from < x.rows; from += rowsAtOnce) {
          const part = explain(someRows(x, from, from + rowsAtOnce))
          values.set(part.values, from * x.columns)
          base = part.base
          onProgress((at + Math.min(1, (from + rowsAtOnce) / x.rows)) / margins.length)
        }
        return addUpColumns({ base, values }, players)
      })
      return { outputs, margins: predictMargins(ensemble, byColumn(x), x.rows), matrix: x }
    },
  }
}

function someRows({ columns, rows, values }: Matrix, from: number, to: number): Matrix {
  const until = Math.min(rows, to)
  return matrix(until - from, columns, values.subarray(from * columns, until * columns))
}
