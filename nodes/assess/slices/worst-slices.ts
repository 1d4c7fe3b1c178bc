import type { Column, RunContext, Slice } from '#contract'
import { pairSlices, searchSlices } from '#ml/slices/search-slices'
import { countErrors, type Outcomes, type RowSet, sliceFigures } from '#ml/slices/slice-figures'

export const corrections = ['holm', 'benjamini-hochberg'] as const

export interface WorstSearch {
  /** Most conditions in one slice; 0 does not search. */
  readonly together: number
  readonly correction: (typeof corrections)[number]
  readonly level: number
  readonly smallBelow: number
  /** Whether every slice of two columns is listed, beyond chance or not. */
  readonly pairs: boolean
}

/** Conditions are only joined where their marks, a bit a row, fit into this many bytes. */
const mostMarks = 512 * 2 ** 20
const marksOf = (sets: readonly RowSet[], { errors }: Outcomes) => (sets.length * errors.length) / 8

/** Slices that are tried or listed at most. */
const mostSlices = 200_000

/** Every slice of two columns that is not too small. */
function pairsOf(
  sets: readonly RowSet[],
  outcomes: Outcomes,
  { pairs, smallBelow }: WorstSearch,
  context: RunContext,
): readonly Slice[] {
  if (!pairs || marksOf(sets, outcomes) > mostMarks) return []
  const onProgress = (fraction: number) => context.progress(0.6 + 0.1 * fraction, 'pairs')
  const found = pairSlices(sets, outcomes.errors.length, { minRows: smallBelow, mostTests: mostSlices, onProgress })
  if (found.length > mostSlices)
    context.log(`There are more pairs than ${mostSlices}; the others are not listed. Choose fewer columns.`, 'warning')
  const wrong = countErrors(outcomes)
  return found.map((set) => sliceFigures(set, outcomes, smallBelow, wrong))
}

/** The single slices and pairs that are beyond chance marked as such, the other found ones after them. */
export function withWorst(
  single: readonly { readonly column: Column; readonly sets: readonly RowSet[] }[],
  each: readonly Slice[],
  outcomes: Outcomes,
  search: WorstSearch,
  context: RunContext,
): { readonly slices: Slice[]; readonly tested: number } {
  const sets = single.flatMap((entry) => entry.sets)
  const slices = [...each, ...pairsOf(sets, outcomes, search, context)]
  if (search.together === 0 || sets.length === 0) return { slices, tested: 0 }
  const joins = marksOf(sets, outcomes) <= mostMarks
  const { found, tested, depth, left } = searchSlices(sets, outcomes, {
    depth: joins ? search.together : 1,
    minRows: search.smallBelow,
    correction: search.correction,
    level: search.level,
    mostTests: mostSlices,
    onProgress: (fraction, depth) => context.progress(0.7 + 0.3 * fraction, `slices of ${depth} conditions`),
  })
  if (left || (!joins && search.together > 1))
    context.log(
      `Slices of more than ${depth === 1 ? 'one condition' : `${depth} conditions`} are too many here and were not searched. Choose fewer columns for that.`,
      'warning',
    )
  const chances = new Map(found.map(({ label, adjusted }) => [label, adjusted]))
  return {
    slices: [
      ...slices.map((slice) => {
        const chance = chances.get(slice.label)
        return chance === undefined ? slice : { ...slice, chance }
      }),
      ...found
        .filter(({ conditions }) => conditions.length > (search.pairs ? 2 : 1))
        .map(({ pValue: _pValue, adjusted, ...slice }) => ({ ...slice, chance: adjusted })),
    ],
    tested,
  }
}
