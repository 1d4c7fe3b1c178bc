/** Stands for DuckDB and ONNX Runtime in the process of a custom node that may not load native code: no fence holds that. */
import { ProblemError } from '#contract'

function refuse(what: string): never {
  throw new ProblemError({
    code: 'not-supported',
    message: `This custom node asked for ${what}, which runs native code that its permissions leave out.`,
    fix: 'Work on tables read with context.tables.read, or add "native": true to its permissions.json and trust it again.',
  })
}

export const DuckDBInstance = { create: () => refuse('a query') }
export const DuckDBTypeId: Readonly<Record<string, number>> = {}
export const InferenceSession = { create: () => refuse('a model') }
export class Tensor {
  constructor() {
    refuse('a model')
  }
}
