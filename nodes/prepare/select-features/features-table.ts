import type { Column, Frame, Selection } from '#contract'
import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'

type Discarded = Selection['discarded'][number]
type Kept = Selection['kept'][number]

interface Fate {
  readonly feature: string
  readonly kept?: Kept
  readonly gone?: Discarded
}
type Field = readonly [name: string, type: Column['type'], of: (fate: Fate) => PlainCell]

const fields: readonly Field[] = [
  ['feature', 'text', ({ feature }) => feature],
  ['kept', 'boolean', ({ kept }) => kept !== undefined],
  ['score', 'number', ({ kept }) => kept?.score ?? null],
  ['step', 'text', ({ gone, kept }) => gone?.step ?? kept?.spared?.step ?? null],
  ['reason', 'text', ({ gone, kept }) => gone?.reason ?? kept?.spared?.reason ?? null],
  ['value', 'number', ({ gone }) => gone?.value ?? null],
  ['limit', 'number', ({ gone }) => gone?.limit ?? null],
  ['twin', 'text', ({ gone }) => gone?.twin ?? null],
  ['reviewers', 'text', ({ gone, kept }) => (gone?.asked ?? kept?.spared?.by ?? []).join(', ') || null],
]
const always = new Set(['feature', 'kept'])

/** Columns of the table of features. */
export const featureColumns: readonly Column[] = fields.map(([name, type]) => ({
  name,
  type,
  nullable: !always.has(name),
  role: 'label',
}))

/** What became of each feature, a row each, in the order of the names. */
export function featuresFrame({ kept, discarded }: Selection, names: readonly string[]): Frame {
  const stays = new Map(kept.map((one) => [one.feature, one]))
  const goes = new Map(discarded.map((one) => [one.feature, one]))
  const fates = names.map((feature): Fate => {
    const [own, gone] = [stays.get(feature), goes.get(feature)]
    return { feature, ...(own && { kept: own }), ...(gone && { gone }) }
  })
  return frameOf(...fields.map(([name, type, of], at) => columnFrom(name, type, fates.map(of), featureColumns[at]!)))
}
