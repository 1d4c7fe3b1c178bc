import type { Model } from '#contract'
import { matrixColumns, type Preparation } from '../prepare/preparation.ts'

/** What contributions belong to: raw columns, the words of a text, or the cells of a picture. */
export type Subject = 'columns' | 'words' | 'pixels'

/** Words where a text is all that the model looks at and it looks inside; cells where it is a picture. */
export function subjectOf({ features, network, preparation }: Model): Subject {
  const [first, ...more] = features
  if (features.some(({ type }) => type === 'image')) return 'pixels'
  if (!first || more.length > 0 || first.type !== 'text') return 'columns'
  if ((network?.input as { kind?: string } | undefined)?.kind === 'words') return 'words'
  return termsStep(preparation as unknown as Preparation | undefined) ? 'words' : 'columns'
}

export const termsStep = (preparation: Preparation | undefined) =>
  preparation?.steps.find((step) => step.kind === 'terms')

/** Whether the prepared columns are terms that people can read, so that exact methods say something of words. */
export function readableTerms({ preparation }: Model): boolean {
  const step = termsStep(preparation as unknown as Preparation | undefined)
  return step !== undefined && step.buckets === undefined && step.unit === 'word'
}

/** Whom each prepared column belongs to: its raw column, or the term where the model reads one text. */
export function preparedPlayers(model: Model): readonly string[] {
  const columns = matrixColumns(model.preparation as unknown as Preparation)
  if (subjectOf(model) !== 'words') return columns.map(({ source }) => source)
  const lead = `${model.features[0]!.name}: `
  return columns.map(({ name }) => (name.startsWith(lead) ? name.slice(lead.length) : name))
}
