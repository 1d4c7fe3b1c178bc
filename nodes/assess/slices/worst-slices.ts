import type { Column, RunContext, Slice } from '#contract'
import { searchSlices } from '#ml/slices/search-slices'
import type { Outcomes, RowSet } from '#ml/slices/slice-figures'

export const corrections = ['holm', 'benjamini-hochberg'] as const

export interface WorstSearch {
  /** Most conditions in one slice; 0 does not search. */
  readonly together: number
  readonly correction: (typeof corrections)[number]
  readonly level: number
  readonly smallBelow: number
}

/** Conditions are only joined where their marks fit into this many bytes. */
const mostMarks = 512 * 2 ** 20

/** The single slices that are beyond chance marked as such, the found joined ones after them. */
export function withWorst(
  single: readonly { readonly column: Column; readonly sets: readonly RowSet[] }[],
  slices: readonly Slice[],
  outcomes: Outcomes,
  search: WorstSearch,
  context: RunContext,
): { readonly slices: Slice[]; readonly tested: number } {
  const sets = single.flatMap((entry) => entry.sets)
  if (search.together === 0 || sets.length === 0) return { slices: [...slices], tested: 0 }
  const joins = sets.length * outcomes.errors.length <= mostMarks
  const { found, tested } = searchSlices(sets, outcomes, {
    depth: joins ? search.together : 1,
    minRows: search.smallBelow,
    correction: search.correction,
    level: search.level,
    mostTests: 200_000,
    onProgress: (fraction, depth) => context.progress(0.6 + 0.4 * fraction, `slices of ${depth} conditions`),
  })
  const chances = new Map(found.map(({ label, adjusted }) => [label, adjusted]))
  return {
    slices: [
      ...slices.map((slice) => {
        const chance = chances.get(slice.label)
        return chance === undefined ? slice : { ...slice, chance }
      }),
      ...found
        .filter(({ conditions }) => conditions.length > 1)
        .map(({ pValue: _pValue, adjusted, ...slice }) => ({ ...slice, chance: adjusted })),
    ],
    tested,
  }
}
