/** A fitted preparation as JSON: what turns raw columns into the matrix a learner sees. */
export interface NumberStep {
  readonly kind: 'number'
  readonly name: string
  /** Stands in for missing and infinite values. */
  readonly fill: number
  /** Adds a column that is 1 where the value was missing. */
  readonly indicator: boolean
  /** (value - center) / scale. */
  readonly center: number
  readonly scale: number
}
export interface TextStep {
  readonly kind: 'text'
  readonly name: string
  /** Levels with a column of their own, sorted by code unit. */
  readonly levels: readonly string[]
  /** Column of rare and unseen levels; without it they are 0 everywhere. */
  readonly other: boolean
  /** A column of its own for missing values, or the level that stands in for them; neither leaves 0 everywhere. */
  readonly missing: { readonly column: true } | { readonly level: string } | null
}
export type PreparationStep = NumberStep | TextStep

export interface Preparation {
  readonly format: 1
  readonly steps: readonly PreparationStep[]
}

export interface MatrixColumn {
  readonly name: string
  /** The raw column it comes from. */
  readonly source: string
}

export const numberSteps = ({ steps }: Preparation) => steps.filter((step) => step.kind === 'number')
export const indicatorSteps = (preparation: Preparation) => numberSteps(preparation).filter((step) => step.indicator)
export const textSteps = ({ steps }: Preparation) => steps.filter((step) => step.kind === 'text')

/** Places of a text step's columns: its levels, then other, then missing. */
export function textPlaces({ levels, other, missing }: TextStep) {
  const otherPlace = other ? levels.length : -1
  const next = levels.length + (other ? 1 : 0)
  if (missing === null) return { otherPlace, missingPlace: -1, width: next }
  if ('level' in missing) return { otherPlace, missingPlace: levels.indexOf(missing.level), width: next }
  return { otherPlace, missingPlace: next, width: next + 1 }
}

/** Columns of the prepared matrix in order: numbers, then indicators, then texts. No two have the same name. */
export function matrixColumns(preparation: Preparation): readonly MatrixColumn[] {
  const texts = textSteps(preparation).flatMap((step) => {
    const names = [...step.levels]
    if (step.other) names.push('(other)')
    if (step.missing && 'column' in step.missing) names.push('(missing)')
    return names.map((name) => ({ name: `${step.name} = ${name}`, source: step.name }))
  })
  return distinct([
    ...numberSteps(preparation).map(({ name }) => ({ name, source: name })),
    ...indicatorSteps(preparation).map(({ name }) => ({ name: `${name} (missing)`, source: name })),
    ...texts,
  ])
}

/** A name that is taken, as of a level that reads "(other)", gets an apostrophe. */
function distinct(columns: readonly MatrixColumn[]): readonly MatrixColumn[] {
  const taken = new Set<string>()
  return columns.map(({ name, source }) => {
    let free = name
    while (taken.has(free)) free += '′'
    taken.add(free)
    return { name: free, source }
  })
}
