import type { Evaluation, Explanation, Hash, Model, Release, Report, ReportBlock } from '#contract'
import { formatCount, formatInteger } from '#report/format-number'
import { groupBlocks as reasonGroups } from '../../explain/reasons/report.ts'
import { explanationBlocks } from './explanation-blocks.ts'
import { faresBlocks, ratesBlocks } from './group-blocks.ts'
import { performanceBlocks } from './performance-blocks.ts'
import { verdictBlocks } from './verdict-blocks.ts'
import { type GroupName, learnerName, listed, spaced, wordingFor } from './wording.ts'

export interface Material {
  readonly evaluations: readonly { readonly value: Evaluation; readonly hash: Hash }[]
  readonly explanations: readonly Explanation[]
  readonly release: Release | undefined
  readonly model: Model | undefined
  readonly modelHash: Hash | undefined
}
export interface Choices {
  readonly title: string
  readonly audience: string
  readonly outcome: string
  readonly groups: readonly GroupName[]
}

/** Audits of the model's decisions come before those of the data. */
export function auditsFirst(material: Material) {
  const audits = material.evaluations.filter(({ value }) => value.fairness)
  return [...audits].sort((a, b) => rank(a.value) - rank(b.value))
}
const rank = (evaluation: Evaluation) => (evaluation.fairness?.scope === 'labels' ? 1 : 0)

function titleOf(main: Evaluation, model: Model | undefined, choices: Choices): string {
  if (choices.title.trim()) return choices.title.trim()
  if (!model) return main.fairness?.scope === 'labels' ? 'Fairness of the data' : 'Fairness of the decisions'
  return `Fairness of “${spaced(model.target ?? 'the decision')}”, ${learnerName(model)}`
}

function subtitleOf(main: Evaluation, model: Model | undefined): string {
  const protectedColumns = [...new Set(main.fairness?.attributes.flatMap((attribute) => attribute.columns) ?? [])]
  const judged = formatCount(main.rows, 'person', 'people')
  const unseen = main.split === 'test' && model
  const sentences = [
    model
      ? `Trained on ${formatCount(model.training.rows, 'row')} with seed ${formatInteger(model.training.seed)}.`
      : '',
    `Judged on ${judged}${unseen ? ' it never saw' : ''} (${main.split} rows).`,
    `Protected: ${listed(protectedColumns.map(spaced))}.`,
  ]
  return sentences.filter(Boolean).join(' ')
}

/** The form, with the features that were discarded on the way, each once. */
function reviewBlocks(evaluation: Hash, { evaluations }: Material, model: Hash | undefined): readonly ReportBlock[] {
  const discarded = evaluations.flatMap(({ value }) => value.selection?.discarded ?? [])
  const features = new Map(discarded.map(({ step, feature, reason }) => [feature, { step, feature, reason }]))
  return model
    ? [{ block: 'review', evaluationHash: evaluation, modelHash: model, features: [...features.values()] }]
    : []
}

/** Whether groups are refused for different reasons. */
function reasonsBlocks({ reasons }: Evaluation, model: Model | undefined, { outcome, groups }: Choices) {
  return reasons ? reasonGroups(reasons, wordingFor(reasons, model, outcome, groups)) : []
}

/** The whole report from data alone; a section whose node isn't wired is absent. */
export function composeReport(material: Material, choices: Choices): Report {
  const audits = auditsFirst(material)
  const main = audits[0]!
  const words = (evaluation: Evaluation) =>
    wordingFor(evaluation.fairness!, material.model, choices.outcome, choices.groups)
  const model = material.modelHash ?? main.value.model
  const blocks: ReportBlock[] = [
    ...verdictBlocks(main.value.fairness!, material.release, words(main.value)),
    ...(choices.audience.trim() ? [{ block: 'text', text: choices.audience.trim() } as const] : []),
    ...audits.flatMap(({ value }) => ratesBlocks(value.fairness!, words(value))),
    ...audits.flatMap(({ value }) => faresBlocks(value.fairness!, words(value))),
    ...material.explanations.flatMap((explanation) => explanationBlocks(explanation, material.model)),
    ...material.evaluations.flatMap(({ value }) => reasonsBlocks(value, material.model, choices)),
    ...performanceBlocks(material.evaluations.map(({ value }) => value)),
    ...reviewBlocks(main.hash, material, model),
  ]
  return {
    kind: 'report',
    title: titleOf(main.value, material.model, choices),
    subtitle: subtitleOf(main.value, material.model),
    blocks,
    evaluation: main.hash,
    ...(model ? { model } : {}),
  }
}
