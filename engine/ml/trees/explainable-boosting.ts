import { ProblemError } from '#contract'
import { requireTargets } from '../usable-targets.ts'
import { type AdditiveModel, binColumn, type MainEffect, type PairEffect, purify } from './additive-model.ts'
import { bestSteps, type CellSums } from './best-steps.ts'
import { binBounds } from './bin-bounds.ts'
import type { BoostingRows } from './boost.ts'
import type { CustomLoss } from './custom-loss.ts'
import { coarseBounds, crossCut, rankPairs } from './fast-pairs.ts'

/**
 * Explainable boosting: an additive model of one table a feature, fitted by boosting tiny trees on one feature after another
 * at a low rate, so that the order hardly matters (Lou, Caruana & Gehrke 2012, doi 10.1145/2339530.2339556), then of the
 * pairs that FAST finds in what is left (Lou et al. 2013, doi 10.1145/2487575.2487579). Then all tables start anew together, or
 * single features would keep the noise they learned in place of the pairs. Tables are purified at the end. InterpretML keeps
 * the first tables, averages several runs (outer bags) and smooths early rounds; its held-out losses are the band we stay in.
 */
export interface ExplainableOptions {
  readonly loss: CustomLoss
  /** Most rounds over all features, and then over all features and pairs. */
  readonly rounds: number
  readonly learningRate: number
  /** Pieces of each step on a feature, missing values apart. */
  readonly leaves: number
  readonly minRows: number
  readonly pairs: number
  /** Stop after so many rounds without gain on the validation rows. */
  readonly patience: number
  /** Called after each round; may throw to cancel. */
  readonly afterRound?: (round: number, loss: number | undefined) => void
}

export const explainableDefaults = {
  rounds: 2_000,
  learningRate: 0.03,
  leaves: 2,
  minRows: 4,
  pairs: 10,
  patience: 50,
} as const satisfies Omit<ExplainableOptions, 'loss'>

/** A table while it grows, with the cell of each row. */
interface Term {
  readonly values: Float64Array
  readonly cells: Uint16Array
  readonly heldCells: Uint16Array
  /** The step to add, of the size of the values, from sums of gradients and hessians by cell. */
  readonly step: (sums: CellSums) => Float64Array
}
interface State {
  readonly train: BoostingRows
  readonly held?: BoostingRows
  readonly margins: Float64Array
  readonly heldMargins: Float64Array
  readonly gradients: Float64Array
  readonly hessians: Float64Array
}

export function explainableBoost(
  data: { readonly train: BoostingRows; readonly validation?: BoostingRows },
  options: ExplainableOptions,
): AdditiveModel {
  const { train, validation } = data
  const rows = train.labels.length
  requireTargets('Explainable boosting', train.labels, train.weights)
  const [intercept, ...more] = options.loss.base(train.labels, train.weights)
  if (intercept === undefined || more.length > 0)
    throw new ProblemError({
      code: 'not-supported',
      message: `An additive model has one output; this loss has ${more.length + 1}.`,
      fix: 'Fit one model a class.',
    })
  const state: State = {
    train,
    ...(validation && { held: validation }),
    margins: new Float64Array(rows).fill(intercept),
    heldMargins: new Float64Array(validation?.labels.length ?? 0).fill(intercept),
    gradients: new Float64Array(rows),
    hessians: new Float64Array(rows),
  }
  const bins = train.columns.map(binBounds)
  const mains = bins.map((own, feature): Term => {
    const size = own.bounds.length + 2
    return {
      values: new Float64Array(size),
      cells: Uint16Array.from(binColumn(train.columns[feature]!, own)),
      heldCells: Uint16Array.from(validation ? binColumn(validation.columns[feature]!, own) : []),
      step: (sums) => bestSteps(sums, options.leaves, options.minRows),
    }
  })
  boostTerms(mains, state, options)
  const pairs = findPairs(state, bins, options)
  if (pairs.length > 0) {
    restart(state, mains, intercept)
    boostTerms([...mains, ...pairs.map(({ term }) => term)], state, options)
  }
  const effects = mains.map(
    ({ values, cells }, feature): MainEffect => ({
      ...{ feature, bounds: bins[feature]!.bounds, values },
      cover: coverOf(values.length, cells, train.weights),
    }),
  )
  const pairEffects = pairs.map(
    ({ features, bounds, term: { values, cells } }): PairEffect => ({
      ...{ features, bounds, values },
      cover: coverOf(values.length, cells, train.weights),
    }),
  )
  return purify({ intercept, mains: effects, pairs: pairEffects })
}

interface PairTerm {
  readonly features: readonly [number, number]
  readonly bounds: readonly [Float64Array, Float64Array]
  readonly term: Term
}

/** The pairs that FAST finds in what the single features leave, with empty tables. */
function findPairs(state: State, bins: readonly { bounds: Float64Array }[], options: ExplainableOptions): PairTerm[] {
  if (options.pairs === 0 || bins.length < 2) return []
  derive(state, options.loss)
  const bounds = state.train.columns.map((column, feature) => coarseBounds(bins[feature]!.bounds, column))
  const coarse = (rows: BoostingRows | undefined) =>
    rows?.columns.map((column, feature) => binColumn(column, { bounds: bounds[feature]! })) ?? []
  const cells = coarse(state.train)
  const held = coarse(state.held)
  const grids = rankPairs(cells, bounds, state, options.minRows).slice(0, options.pairs)
  return grids.map(({ features, sizes }): PairTerm => {
    const join = (own: readonly Uint8Array[]) =>
      Uint16Array.from(own[features[0]] ?? [], (bin, row) => bin * sizes[1] + own[features[1]]![row]!)
    const term: Term = {
      ...{ values: new Float64Array(sizes[0] * sizes[1]), cells: join(cells), heldCells: join(held) },
      step: (sums) => crossCut(sums, sizes, options.minRows).step,
    }
    return { features, bounds: [bounds[features[0]]!, bounds[features[1]]!], term }
  })
}

/** Empty tables again, so that single features don't keep what they learned in place of the pairs. */
function restart({ margins, heldMargins }: State, terms: readonly Term[], intercept: number): void {
  margins.fill(intercept)
  heldMargins.fill(intercept)
  for (const { values } of terms) values.fill(0)
}

function coverOf(size: number, cells: Uint16Array, weights?: Float64Array): Float64Array {
  const cover = new Float64Array(size)
  for (let row = 0; row < cells.length; row++) cover[cells[row]!]! += weights ? weights[row]! : 1
  return cover
}

/** Rounds over the terms until the validation loss stays; leaves the tables and margins at the best round. */
function boostTerms(terms: readonly Term[], state: State, options: ExplainableOptions): void {
  const { loss, rounds, patience, learningRate, afterRound } = options
  let best = measure(state, loss)
  let bestRound = 0
  let kept = terms.map(({ values }) => values.slice())
  for (let round = 1; round <= rounds; round++) {
    for (const term of terms) {
      derive(state, loss)
      const step = term.step(sumCells(term, state)).map((value) => learningRate * value)
      for (let cell = 0; cell < step.length; cell++) term.values[cell]! += step[cell]!
      move(state, term, step)
    }
    const now = measure(state, loss)
    afterRound?.(round, now)
    if (now === undefined || best === undefined || now < best - 1e-12) {
      best = now
      bestRound = round
      if (now !== undefined) kept = terms.map(({ values }) => values.slice())
    } else if (round - bestRound >= patience) break
  }
  if (best === undefined) return
  terms.forEach((term, at) => {
    const back = kept[at]!.map((value, cell) => value - term.values[cell]!)
    term.values.set(kept[at]!)
    move(state, term, back)
  })
}

function derive({ margins, train, gradients, hessians }: State, loss: CustomLoss): void {
  loss.derive([margins], train.labels, [gradients], [hessians])
  if (!train.weights) return
  for (let row = 0; row < margins.length; row++) {
    gradients[row]! *= train.weights[row]!
    hessians[row]! *= train.weights[row]!
  }
}

function sumCells({ cells, values }: Term, { gradients, hessians, train }: State): CellSums {
  const sums = {
    gradients: new Float64Array(values.length),
    hessians: new Float64Array(values.length),
    counts: new Float64Array(values.length),
  }
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]!
    sums.gradients[cell]! += gradients[row]!
    sums.hessians[cell]! += hessians[row]!
    sums.counts[cell]! += train.weights && train.weights[row] === 0 ? 0 : 1
  }
  return sums
}

function move({ margins, heldMargins }: State, { cells, heldCells }: Term, step: Float64Array): void {
  for (let row = 0; row < cells.length; row++) margins[row]! += step[cells[row]!]!
  for (let row = 0; row < heldCells.length; row++) heldMargins[row]! += step[heldCells[row]!]!
}

function measure({ held, heldMargins }: State, loss: CustomLoss): number | undefined {
  return held ? loss.mean(heldMargins, held.labels, held.weights) : undefined
}
