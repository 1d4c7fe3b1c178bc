import type { Hash, Model, RunContext, Table } from '#contract'
import { crossValidated, describeLearned, type Learner, type LearnerRows, onTraining } from '../learner.ts'
import { readLearnerRows } from '../train-with.ts'
import { type FittedRows, fitClassRows, fitNumberRows, sayUnfinished } from './fit-rows.ts'
import { type LinearParams, linearVersion } from './infer.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: LinearParams
  readonly context: RunContext
}

export async function trainLinear({ inputs, hashes, params, context }: Run): Promise<{ model: Model }> {
  context.progress(0, 'reading')
  const source = { table: inputs.table, preparation: inputs.preparation, target: params.target }
  const rows = await readLearnerRows(source, params.kind, context)
  const products = await context.kernels.dense()
  const fit = (part: LearnerRows, onIteration?: (iteration: number) => void): FittedRows =>
    'codes' in part
      ? fitClassRows(part, inputs.preparation, params, products, onIteration)
      : fitNumberRows(part, inputs.preparation, params, products)
  context.progress(0.1, 'fitting')
  const fitted = fit(rows, (iteration) => context.progress(0.1 + 0.3 * (1 - 0.9 ** iteration), 'fitting'))
  if (!fitted.converged) sayUnfinished(context)
  const learner: Learner = { type: 'train/linear', version: linearVersion, params }
  const validated = await crossValidated(rows, (part) => fit(part), learner, context)
  const metrics = [...validated, ...onTraining(fitted, rows)]
  const model = await describeLearned(fitted, rows, metrics, learner, hashes.table ?? inputs.table.data, context)
  context.progress(1)
  return { model }
}
