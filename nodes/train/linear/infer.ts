import type { Column, PortSchema, Problem } from '#contract'
import { featuresFor, isProblem, targetColumn } from '#ml/roles'
import { nothingToLearnFrom, preparationProblems } from '../learning-rows.ts'

/** Of the node; what it makes carries it. */
export const linearVersion = 1

export interface LinearParams {
  readonly target: string
  readonly kind: 'auto' | 'logistic' | 'ridge'
  readonly penalty: number
  readonly classWeight: 'none' | 'balanced'
  readonly positive: string
  readonly threshold: number
  readonly folds: number
}

/** Logistic for classes, ridge for numbers: decided by the target's type alone, so that it is known before any run. */
export function taskKind(params: Pick<LinearParams, 'kind'>, target: Column): 'logistic' | 'ridge' {
  if (params.kind !== 'auto') return params.kind
  return target.type === 'text' || target.type === 'boolean' ? 'logistic' : 'ridge'
}

/** Problems of a target that a kind of model can not predict. */
export function targetProblems(kind: 'logistic' | 'ridge', target: Column): Problem[] {
  if (target.type === 'image' || (kind === 'ridge' && target.type === 'text'))
    return [
      {
        code: 'column-type',
        message: `The target ${target.name} is ${target.type}; this method predicts numbers.`,
        path: ['params', 'kind'],
        fix: 'Choose another kind, or a target with numbers',
        columns: [target.name],
      },
    ]
  return []
}

export const noFeatures: Problem = nothingToLearnFrom([])

export function inferModel(
  inputs: { readonly table: PortSchema; readonly preparation: PortSchema | undefined },
  params: Pick<LinearParams, 'target' | 'kind'>,
): { model: PortSchema } | Problem[] {
  const { columns } = inputs.table
  if (!columns) return { model: {} }
  const target = targetColumn(columns, params.target)
  if (isProblem(target)) return [target]
  const kind = taskKind(params, target)
  const problems = [...targetProblems(kind, target), ...inputProblems(inputs.preparation, columns, target)]
  if (problems.length > 0) return problems
  const features = inputs.preparation ? inputs.preparation.features : featuresFor(columns, target)
  if (features?.length === 0) return [nothingToLearnFrom(columns)]
  return {
    model: {
      target: target.name,
      ...(features && { features }),
      ...(kind === 'ridge' && { purpose: 'regression' as const }),
      ...(kind === 'logistic' &&
        target.type === 'boolean' && { purpose: 'binary' as const, classes: ['false', 'true'] }),
    },
  }
}

function inputProblems(preparation: PortSchema | undefined, columns: readonly Column[], target: Column): Problem[] {
  if (!preparation) return []
  if (preparation.purpose !== undefined && preparation.purpose !== 'preparation')
    return [
      {
        code: 'not-supported',
        message: 'The model at the input preparation predicts; a preparation is needed there.',
        path: ['inputs', 'preparation'],
        fix: 'Connect the preparation of a prepare node, or remove the wire',
      },
    ]
  return preparation.features ? preparationProblems(preparation.features, columns, target) : []
}
