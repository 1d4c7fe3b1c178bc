import { kindWord } from '../train-with.ts'
import { fittedTrial, type TunableLearner } from '../tunable-learner.ts'
import { fitClassRows, fitNumberRows } from './fit-rows.ts'
import type { LinearParams } from './infer.ts'
import node from './node.ts'

export const tunableLinear: TunableLearner<LinearParams> = {
  node,
  space: { penalty: { kind: 'number', low: 1e-3, high: 1e4, log: true } },
  common: ({ kind, ...shared }) => ({ ...shared, kind: kindWord(kind) }),
  async fit({ rows, given, params, context }) {
    const products = await context.kernels.dense()
    return fittedTrial(
      'codes' in rows ? fitClassRows(rows, given, params, products) : fitNumberRows(rows, given, params, products),
    )
  },
}
