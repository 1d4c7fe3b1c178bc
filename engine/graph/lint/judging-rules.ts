import type { JsonValue, LintFinding } from '#contract'
import { portAddress } from '../adjacency.ts'
import { addEdit, wire } from './insert-node.ts'
import type { LintNode, LintView } from './lint-view.ts'

/** Nothing simple stands beside the model. */
export function noBaseline(view: LintView): LintFinding[] {
  const card = view.typeOf('baseline')
  if (!card) return []
  return view.nodes
    .filter((node) => node.judges && 'baseline' in node.card.inputs && view.into(node.id, 'baseline').length === 0)
    .flatMap((judge) => {
      const learner = view.into(judge.id, 'model').map(({ from }) => view.node(portAddress(from).node))[0]
      const table = learner && view.into(learner.id, 'table')[0]
      if (!learner?.predicts || !table) return []
      const add = addEdit(view, card, judge.id, targetParam(learner))
      return [
        {
          rule: 'no-baseline' as const,
          node: judge.id,
          message: `${judge.title} has nothing to compare the model with.`,
          why: 'Nine of ten right is poor where always saying "no" is right as often; a baseline shows it.',
          cure: {
            label: `Add ${card.title} beside ${learner.title}`,
            edits: [add, wire(table.from, `${add.id}.table`), wire(`${add.id}.model`, `${judge.id}.baseline`)],
          },
        },
      ]
    })
}

const targetParam = ({ params }: LintNode): Readonly<Record<string, JsonValue>> =>
  typeof params.target === 'string' && params.target !== '' ? { target: params.target } : {}

/** Figures that see both classes; accuracy alone does not. */
const classAware = /^(roc_auc|average_precision|balanced_accuracy|mcc|f_beta|f1|recall|precision|log_loss|brier)/

interface Check {
  readonly metric?: JsonValue
}

/** A gate that knows a classifier by its accuracy alone. */
export function imbalanceMetric(view: LintView): LintFinding[] {
  return view.nodes
    .filter(({ card }) => card.traits.includes('gates'))
    .flatMap((gate) => {
      const checks = (Array.isArray(gate.params.checks) ? gate.params.checks : []) as readonly Check[]
      const metrics = checks.map(({ metric }) => String(metric))
      if (!metrics.includes('accuracy') || metrics.some((metric) => classAware.test(metric))) return []
      const better = checks.map((check) =>
        check.metric === 'accuracy' ? { ...check, metric: 'balanced_accuracy' } : check,
      )
      return [
        {
          rule: 'imbalance-metric' as const,
          node: gate.id,
          message: `${gate.title} knows the model by its accuracy alone.`,
          why: 'Where one class is rare, a model that never names it is accurate and useless; balanced accuracy counts both classes alike.',
          cure: {
            label: 'Ask for balanced accuracy instead',
            edits: [{ do: 'set' as const, node: gate.id, param: 'checks', value: better as unknown as JsonValue }],
          },
        },
      ]
    })
}
