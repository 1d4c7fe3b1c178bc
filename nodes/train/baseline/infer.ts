import type { Column, PortSchema, Problem } from '#contract'
import { type BoundRule, bindRule } from '#ml/baseline/bind-rule'
import { parseRule, ruleColumns } from '#ml/baseline/parse-rule'
import { featuresFor, isProblem, targetColumn } from '#ml/roles'
import { noFeatures } from '../linear/infer.ts'

/** Of the node; what it makes carries it. */
export const baselineVersion = 1

export const strategies = ['auto', 'majority', 'prior', 'mean', 'rule'] as const
export type Strategy = (typeof strategies)[number]

export interface BaselineParams {
  readonly strategy: Strategy
  readonly target: string
  readonly rule: string
  readonly positive: string
}

/** Auto takes the class shares for text and boolean targets, the mean for numbers. */
export function chosenStrategy(
  { strategy }: Pick<BaselineParams, 'strategy'>,
  target: Column,
): Exclude<Strategy, 'auto'> {
  if (strategy !== 'auto') return strategy
  return target.type === 'text' || target.type === 'boolean' ? 'prior' : 'mean'
}

/** What is known before any run, or why it can not run. */
export interface Plan {
  readonly target: Column
  readonly strategy: Exclude<Strategy, 'auto'>
  /** A constant answer still needs one column, to know how many rows there are. */
  readonly features: readonly Column[]
  readonly rule?: BoundRule
}

export function planBaseline(columns: readonly Column[], params: BaselineParams): Plan | readonly Problem[] {
  const target = targetColumn(columns, params.target)
  if (isProblem(target)) return [target]
  const strategy = chosenStrategy(params, target)
  if (strategy === 'mean' && target.type === 'text') return [textMean(target)]
  const features = featuresFor(columns, target)
  if (strategy !== 'rule') {
    const [one] = [...features, ...columns.filter((column) => isPicture(column) && column.name !== target.name)]
    return one ? { target, strategy, features: [one] } : [noFeatures]
  }
  if (features.length === 0) return [noFeatures]
  const parsed = parseRule(params.rule)
  if (parsed.rule === undefined) return [unreadable(params.rule, parsed.error, parsed.position)]
  const { bound, complaints } = bindRule(parsed.rule, features)
  if (complaints.length > 0) return complaints.map((complaint) => ruleProblem(complaint, columns))
  const used = new Set(ruleColumns(parsed.rule))
  return { target, strategy, rule: bound, features: features.filter(({ name }) => used.has(name)) }
}

const isPicture = ({ type, role, image }: Column) =>
  type === 'image' && image !== undefined && (role === undefined || role === 'feature')

const textMean = (target: Column): Problem => ({
  code: 'column-type',
  message: `The target ${target.name} is text and has no mean.`,
  path: ['params', 'strategy'],
  fix: 'Choose the strategy prior or majority',
  columns: [target.name],
})

const unreadable = (rule: string, error: string, position: number): Problem => ({
  code: 'parameter-bad',
  message:
    rule.trim() === '' ? 'The rule is empty.' : `The rule can not be read: at character ${position + 1}, ${error}.`,
  path: ['params', 'rule'],
  fix: 'Write a rule such as: income >= 30000 and employment = permanent',
})

function ruleProblem(
  { kind, column, message, fix }: ReturnType<typeof bindRule>['complaints'][number],
  columns: readonly Column[],
): Problem {
  const hidden = columns.find(({ name }) => name === column)
  if (kind === 'unknown' && hidden)
    return {
      code: 'not-supported',
      message: `The rule names ${column}, a column of role ${hidden.role ?? 'none'}; a model does not see it.`,
      path: ['params', 'rule'],
      fix: 'Write the rule with columns of role feature',
      columns: [column],
    }
  return {
    code: kind === 'unknown' ? 'column-unknown' : 'column-type',
    message,
    path: ['params', 'rule'],
    fix,
    columns: [column],
  }
}

export const isPlan = (value: Plan | readonly Problem[]): value is Plan => 'strategy' in value

export function inferBaseline(
  { table }: { readonly table: PortSchema },
  params: BaselineParams,
): { model: PortSchema } | readonly Problem[] {
  if (!table.columns) return { model: {} }
  const plan = planBaseline(table.columns, params)
  if (!isPlan(plan)) return plan
  const classes = plan.strategy !== 'mean' && plan.target.type === 'boolean'
  return {
    model: {
      target: plan.target.name,
      features: plan.features,
      ...(plan.strategy === 'mean' && { purpose: 'regression' as const }),
      ...(classes && { purpose: 'binary' as const, classes: ['false', 'true'] }),
    },
  }
}
