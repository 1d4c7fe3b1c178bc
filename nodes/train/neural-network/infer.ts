import type { Column, PortSchema, Problem } from '#contract'
import { featuresFor, isProblem, targetColumn } from '#ml/roles'
import { preparationProblems } from '../learning-rows.ts'
import type { TaskParams } from './read-task.ts'

export const networkVersion = 2

/** What is decided by columns and parameters alone. */
export interface NetworkPlan {
  readonly target: Column
  readonly task: 'classes' | 'numbers'
  readonly input: 'columns' | 'image' | 'text'
  readonly features: readonly Column[]
}

const isFree = ({ role }: Column) => role === undefined || role === 'feature'

export const isPlan = (plan: NetworkPlan | readonly Problem[]): plan is NetworkPlan => 'input' in plan

/** The network's target and raw columns, or the problems with them. */
export function planNetwork(
  columns: readonly Column[],
  params: TaskParams,
  preparation: Pick<PortSchema, 'purpose' | 'features'> | undefined,
): NetworkPlan | readonly Problem[] {
  const target = targetColumn(columns, params.target)
  if (isProblem(target)) return [target]
  const task = taskOf(params, target)
  const problems = targetProblems(task, target)
  const input = preparation ? 'columns' : inputOf(columns, params, target)
  const features = preparation ? (preparation.features ?? []) : rawColumns(columns, params, target, input)
  if (preparation) problems.push(...preparationFaults(preparation, columns, target))
  else if (features.length === 0) problems.push(noColumn(input, params.column))
  return problems.length > 0 ? problems : { target, task, input, features }
}

function taskOf(params: TaskParams, { type }: Column): 'classes' | 'numbers' {
  if (params.kind !== 'auto') return params.kind
  return type === 'text' || type === 'boolean' ? 'classes' : 'numbers'
}

function inputOf(columns: readonly Column[], params: TaskParams, target: Column): NetworkPlan['input'] {
  if (params.input !== 'auto') return params.input
  if (columns.some((column) => column.type === 'image' && isFree(column) && column.name !== target.name)) return 'image'
  const features = featuresFor(columns, target)
  return features.length === 1 && features[0]!.type === 'text' ? 'text' : 'columns'
}

function rawColumns(
  columns: readonly Column[],
  { column: named }: TaskParams,
  target: Column,
  input: NetworkPlan['input'],
): readonly Column[] {
  if (input === 'columns') return featuresFor(columns, target)
  const fitting = columns.filter(
    (column) => column.type === input && column.name !== target.name && (isFree(column) || column.name === named),
  )
  const found = named === '' ? fitting[0] : fitting.find(({ name }) => name === named)
  return found ? [found] : []
}

function targetProblems(task: NetworkPlan['task'], { name, type }: Column): Problem[] {
  if (type !== 'image' && (task === 'classes' || type !== 'text')) return []
  return [
    {
      code: 'column-type',
      message: `The target ${name} is ${type}, which is not ${task === 'classes' ? 'a class' : 'a number'}.`,
      path: ['params', 'kind'],
      fix: type === 'image' ? 'Choose another target' : 'Choose the kind classes, or a target with numbers',
      columns: [name],
    },
  ]
}

function preparationFaults(
  { purpose, features }: Pick<PortSchema, 'purpose' | 'features'>,
  columns: readonly Column[],
  target: Column,
): readonly Problem[] {
  if (purpose === undefined || purpose === 'preparation')
    return features ? preparationProblems(features, columns, target) : []
  return [
    {
      code: 'not-supported',
      message: 'The model at the input preparation predicts; a preparation is needed there.',
      path: ['inputs', 'preparation'],
      fix: 'Connect the preparation of a prepare node, or remove the wire',
    },
  ]
}

function noColumn(input: NetworkPlan['input'], named: string): Problem {
  if (input === 'columns')
    return {
      code: 'role-missing',
      message: 'No column of the table may be used as a feature: all have other roles.',
      path: ['inputs', 'table'],
      fix: 'Give the columns to learn from the role feature in the schema',
    }
  const kind = input === 'image' ? 'pictures' : 'texts'
  return {
    code: named === '' ? 'column-type' : 'column-unknown',
    message: named === '' ? `No column of the table holds ${kind}.` : `The table has no column ${named} of ${kind}.`,
    path: ['params', 'column'],
    fix: `Choose a column of ${kind}, or learn from columns`,
  }
}

export function inferNetwork(
  inputs: { readonly table: PortSchema; readonly preparation: PortSchema | undefined },
  params: TaskParams,
): { model: PortSchema } | readonly Problem[] {
  const { columns } = inputs.table
  if (!columns) return { model: {} }
  const plan = planNetwork(columns, params, inputs.preparation)
  if (!isPlan(plan)) return plan
  const { target, task, features } = plan
  return {
    model: {
      target: target.name,
      ...(features.length > 0 && { features }),
      ...(task === 'numbers' && { purpose: 'regression' as const }),
      ...(task === 'classes' &&
        target.type === 'boolean' && { purpose: 'binary' as const, classes: ['false', 'true'] }),
    },
  }
}
