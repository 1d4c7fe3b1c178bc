import type { Block } from './block.ts'
import { dateBlock } from './date-parts.ts'
import { hashBlock } from './hash-levels.ts'
import { oneHotBlock } from './one-hot.ts'
import { ordinalBlock } from './ordinal.ts'
import { type BlockStep, blockSteps, indicatorSteps, numberSteps, type Preparation } from './preparation-steps.ts'
import { targetBlock } from './target-encoding.ts'
import { termsBlock } from './text-terms.ts'

export interface MatrixColumn {
  readonly name: string
  /** The raw column it comes from. */
  readonly source: string
}

/** What a fitted step does to its column. */
export function blockOf(step: BlockStep): Block {
  if (step.kind === 'text') return oneHotBlock(step)
  if (step.kind === 'ordinal') return ordinalBlock(step)
  if (step.kind === 'target') return targetBlock(step)
  if (step.kind === 'hash') return hashBlock(step)
  return step.kind === 'terms' ? termsBlock(step) : dateBlock(step)
}

/** Columns of the prepared matrix in order: numbers, then indicators, then dates and texts. No two have the same name. */
export function matrixColumns(preparation: Preparation): readonly MatrixColumn[] {
  return distinct([
    ...numberSteps(preparation).map(({ name }) => ({ name, source: name })),
    ...indicatorSteps(preparation).map(({ name }) => ({ name: `${name} (missing)`, source: name })),
    ...blockSteps(preparation).flatMap((step) => blockOf(step).columns.map((name) => ({ name, source: step.name }))),
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
