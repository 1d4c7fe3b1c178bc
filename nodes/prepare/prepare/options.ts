import type { Frame, FrameColumn } from '#contract'
import { columnOf } from '#ml/frame'
import { type PreparationOptions, preparationDefaults } from '#ml/prepare/preparation'
import type { PrepareParams } from './params.ts'

type Overrides = NonNullable<PreparationOptions['overrides']>

/** Running text: at least this long on average, and so many different texts among the rows that have one. */
const running = { characters: 20, share: 0.5, texts: 10 }

/** Whether a column reads like running text rather than categories, by the given rows. */
export function isRunningText({ cells }: FrameColumn, rows: Uint32Array): boolean {
  if (cells.kind !== 'text') return false
  const seen = new Set<number>()
  let count = 0
  let characters = 0
  for (const row of rows) {
    const code = cells.codes[row]!
    if (code < 0) continue
    count++
    seen.add(code)
    characters += cells.levels[code]!.length
  }
  return seen.size >= Math.max(running.texts, running.share * count) && characters >= running.characters * count
}

const circlesOf = (as: 'number' | 'parts' | 'circles') => ({
  as: as === 'number' ? ('number' as const) : ('parts' as const),
  circles: as === 'circles',
})

/** Of one column; what says same, or does not concern its type, is left to the rules for all. */
function ownRules(
  column: FrameColumn,
  { impute, encode, scale }: PrepareParams['overrides'][number],
): Overrides[string] {
  const own = {
    ...(impute !== 'same' && { impute }),
    ...(scale !== 'same' && column.type !== 'text' && { scale }),
  }
  if (encode === 'same') return own as Overrides[string]
  if (column.type === 'text') return { ...own, encode } as Overrides[string]
  return { ...own, ...circlesOf(encode as 'number' | 'parts' | 'circles') }
}

/** The node's parameters as options of the fit; an override changes what it names and leaves the rest. */
export function preparationOptions(
  params: PrepareParams,
  frame: Frame,
  rows: Uint32Array,
  names: readonly string[],
  seed: number,
): PreparationOptions {
  const long = params.longTexts
  const overrides: Record<string, Overrides[string]> = {}
  for (const name of names)
    if (long !== 'categories' && isRunningText(columnOf(frame, name), rows)) overrides[name] = { encode: long }
  for (const override of params.overrides)
    overrides[override.column] = {
      ...overrides[override.column],
      ...ownRules(columnOf(frame, override.column), override),
    }
  return {
    number: {
      impute: params.numberImpute,
      constant: params.constant,
      indicator: params.indicator,
      scale: params.scale,
    },
    neighbours: { count: params.neighbours, rows: params.neighbourRows },
    date: { ...preparationDefaults.date, ...circlesOf(params.dates) },
    text: {
      impute: params.textImpute,
      encode: params.encode,
      rareShare: params.rareShare,
      rareRows: params.rareRows,
      mostLevels: params.mostLevels,
    },
    buckets: params.buckets,
    target: {
      smoothing: params.smoothing === 'auto' ? 'auto' : params.smoothingRows,
      folds: params.crossFolds,
      seed,
    },
    terms: {
      words: [1, params.mostWords],
      characters: [params.fewestCharacters, params.mostCharacters],
      minRows: params.termRows,
      mostTerms: params.mostTerms,
      sublinear: params.dampCounts,
      buckets: params.termBuckets,
    },
    overrides,
  }
}
