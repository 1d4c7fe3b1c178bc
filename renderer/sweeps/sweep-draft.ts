import type { JsonValue, NodeCard, PipelineDocument, SweepPlan, SweepStrategy } from '#contract'
import { problemsOf, type RunSummary } from '#contract'
import { parseSwept } from '#graph/parse-swept'
import { type Parameter, parametersOf } from '../form/parameter.ts'
import { sweepMessages } from './sweep-messages.ts'

/** One parameter as it stands in the sheet. */
export interface DraftRow {
  readonly setting: string
  /** "1, 2, 3" or "1..100". */
  readonly text: string
  readonly log: boolean
}
/** What the sheet holds while a sweep is being planned. */
export interface SweepDraft {
  readonly rows: readonly DraftRow[]
  readonly strategy: SweepStrategy
  readonly trials: string
  /** node.figure. */
  readonly metric: string
  readonly budget: { readonly setting: string; readonly least: string; readonly most: string }
}

export const emptyDraft: SweepDraft = {
  rows: [],
  strategy: 'grid',
  trials: '',
  metric: '',
  budget: { setting: '', least: '', most: '' },
}

export interface SweptChoice {
  readonly setting: string
  readonly node: string
  readonly parameter: Parameter
}

const unswept: ReadonlySet<Parameter['kind']> = new Set(['code', 'rows'])
export const isSweepable = ({ kind }: Parameter): boolean => !unswept.has(kind)

/** Every parameter that a sweep can set of a document whose groups are expanded. */
export function sweptChoices(
  document: Pick<PipelineDocument, 'nodes'>,
  cards: ReadonlyMap<string, NodeCard>,
): readonly SweptChoice[] {
  return Object.entries(document.nodes).flatMap(([id, { type, title }]) => {
    const card = cards.get(type)
    if (!card) return []
    const parameters = parametersOf(card).filter(isSweepable)
    return parameters.map((parameter) => ({ setting: `${id}.${parameter.name}`, node: title ?? card.title, parameter }))
  })
}

/** Values to begin with: all choices, or some around what is set now. */
export function firstValues(
  { kind, choices, minimum, maximum, integer }: Parameter,
  now: JsonValue | undefined,
): string {
  if (kind === 'boolean') return 'true, false'
  if (choices.length > 0)
    return choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice))).join(', ')
  if ((kind === 'number' || kind === 'slider') && typeof now === 'number' && now !== 0) {
    const within = (value: number) =>
      Math.min(maximum ?? value, Math.max(minimum ?? value, integer ? Math.round(value) : value))
    return [...new Set([now / 2, now, now * 2].map((value) => within(Number(value.toPrecision(4)))))].join(', ')
  }
  return now === undefined || now === '' ? '' : typeof now === 'string' ? now : JSON.stringify(now)
}

/** The plan a draft asks for, or what is missing. */
export function planOf(draft: SweepDraft): { plan: SweepPlan } | { missing: string } {
  const dot = draft.metric.indexOf('.')
  if (draft.rows.length === 0) return { missing: sweepMessages.needsParameter }
  if (dot < 1 || dot === draft.metric.length - 1) return { missing: sweepMessages.needsMetric }
  if (draft.trials !== '' && !/^[1-9]\d*$/.test(draft.trials)) return { missing: sweepMessages.needsCount }
  const budget = draft.strategy === 'halving' ? budgetOf(draft.budget) : undefined
  if (draft.strategy === 'halving' && !budget) return { missing: sweepMessages.needsBudget }
  try {
    return {
      plan: {
        parameters: draft.rows.map(sweptOf),
        strategy: draft.strategy,
        metric: { node: draft.metric.slice(0, dot), name: draft.metric.slice(dot + 1) },
        ...(draft.trials !== '' && { trials: Number(draft.trials) }),
        ...(budget && { budget }),
      },
    }
  } catch (error) {
    return { missing: problemsOf(error)[0]!.message }
  }
}

const isRange = (text: string) => text.includes('..')
export const showsLog = ({ text }: DraftRow): boolean => isRange(text)

const sweptOf = ({ setting, text, log }: DraftRow) =>
  parseSwept(`${setting}=${text}${log && isRange(text) ? ':log' : ''}`)

function budgetOf({ setting, least, most }: SweepDraft['budget']): SweepPlan['budget'] | undefined {
  const whole = [least, most].every((text) => /^[1-9]\d*$/.test(text))
  return setting !== '' && whole ? { setting, least: Number(least), most: Number(most) } : undefined
}

export interface KnownFigure {
  readonly name: string
  readonly label: string
}

/** Figures that runs of this pipeline have given, those of nodes that are still there; its groups are expanded. */
export function knownFigures(
  runs: readonly RunSummary[],
  document: Pick<PipelineDocument, 'nodes'>,
): readonly KnownFigure[] {
  const all = runs.flatMap(({ metrics }) => metrics).filter(({ node }) => Object.hasOwn(document.nodes, node))
  return [...new Map(all.map(({ node, name, label }) => [`${node}.${name}`, label]))].map(([name, label]) => ({
    name,
    label,
  }))
}
