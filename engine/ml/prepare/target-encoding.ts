import type { FrameColumn } from '#contract'
import { textCells } from '../frame.ts'
import type { Matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { type Block, emitPlaces, writeLevels } from './block.ts'
import { countLevels } from './level-counts.ts'

/**
 * A level becomes the target's mean among its training rows, shrunk towards the mean of all (Micci-Barreca 2001, SIGKDD
 * Explorations 3:27), as scikit-learn's TargetEncoder. With smoothing "auto" the share of the level's own mean is
 * λ = n τ² / (σ² + n τ²), σ² the target's variance within the level, τ² over all rows; a number m gives n / (n + m).
 * Rows that a learner is fitted on get the codes of the other folds: see `outOfFoldCodes`.
 */
export interface TargetStep {
  readonly kind: 'target'
  readonly name: string
  readonly levels: readonly string[]
  /** By output, by level. One output for two classes (the second) and for numbers, else one a class. */
  readonly codes: readonly (readonly number[])[]
  /** By output: of missing texts, and of levels that were not seen. */
  readonly missing: readonly number[]
  readonly unseen: readonly number[]
  /** Of three classes and more, in the order of the outputs. */
  readonly classes?: readonly string[]
  readonly options: TargetOptions
}

export interface TargetOptions {
  readonly impute: 'category' | 'mode'
  readonly smoothing: 'auto' | number
  /** Of the cross-fitting. */
  readonly folds: number
  readonly seed: number
}

/** The target at some rows of a frame: class codes with their names, or numbers. */
export interface KnownTarget {
  readonly rows: Uint32Array
  readonly values: ArrayLike<number>
  readonly classes?: readonly string[]
}

/** By output: one number a row of the target. */
function outputsOf({ values, classes }: KnownTarget): Float64Array[] {
  if (!classes) return [Float64Array.from(values)]
  const shown = classes.length === 2 ? [1] : [...classes.keys()]
  return shown.map((code) => Float64Array.from(values, (value) => (value === code ? 1 : 0)))
}

/** Codes of the groups 0 … groups - 1 of one output from the rows at which `used` holds; the mean of all comes last. */
function shrunkMeans(
  group: Int32Array,
  groups: number,
  y: Float64Array,
  smoothing: 'auto' | number,
  used: (row: number) => boolean,
): Float64Array {
  const counts = new Float64Array(groups)
  const means = new Float64Array(groups)
  let n = 0
  let total = 0
  for (let i = 0; i < y.length; i++) {
    if (!used(i)) continue
    n++
    total += y[i]!
    counts[group[i]!]!++
    means[group[i]!]! += y[i]!
  }
  const mean = n > 0 ? total / n : 0
  for (let g = 0; g < groups; g++) means[g] = counts[g]! > 0 ? means[g]! / counts[g]! : mean
  const squares = new Float64Array(groups)
  let spread = 0
  for (let i = 0; i < y.length; i++) {
    if (!used(i)) continue
    squares[group[i]!]! += (y[i]! - means[group[i]!]!) ** 2
    spread += (y[i]! - mean) ** 2
  }
  const variance = n > 0 ? spread / n : 0
  const codes = new Float64Array(groups + 1).fill(mean)
  for (let g = 0; g < groups; g++) {
    const count = counts[g]!
    if (count === 0) continue
    const within = smoothing === 'auto' ? squares[g]! / count : smoothing
    const between = smoothing === 'auto' ? variance * count : count
    const share = between + within > 0 ? between / (within + between) : 0
    codes[g] = share * means[g]! + (1 - share) * mean
  }
  return codes
}

/** Place of each row of the target among `levels`; missing texts count as the last place. */
function groupsOf(column: FrameColumn, rows: Uint32Array, levels: readonly string[], stand: string | undefined) {
  const { codes, levels: own } = textCells(column)
  const known = new Map(levels.map((level, place) => [level, place]))
  const missing = stand === undefined ? levels.length : known.get(stand)!
  const places = own.map((level) => (level === '' ? missing : (known.get(level) ?? levels.length)))
  return Int32Array.from(rows, (row) => (codes[row]! < 0 ? missing : places[codes[row]!]!))
}

/** What levels and missing texts of a column are among the rows of the target. */
function layOut(column: FrameColumn, { rows }: KnownTarget, impute: TargetOptions['impute']) {
  const { codes, levels: all } = textCells(column)
  const { seen, frequent } = countLevels(
    Int32Array.from(rows, (row) => codes[row]!),
    all,
  )
  const levels = seen.map((code) => all[code]!)
  const stand = impute === 'mode' && frequent !== undefined ? all[frequent]! : undefined
  return { levels, stand, group: groupsOf(column, rows, levels, stand) }
}

export function fitTarget(column: FrameColumn, target: KnownTarget, options: TargetOptions): TargetStep {
  const { levels, stand, group } = layOut(column, target, options.impute)
  const codes = outputsOf(target).map((y) => shrunkMeans(group, levels.length + 1, y, options.smoothing, () => true))
  const missing = stand === undefined ? levels.length : levels.indexOf(stand)
  return {
    kind: 'target',
    name: column.name,
    levels,
    codes: codes.map((of) => [...of.subarray(0, levels.length)]),
    missing: codes.map((of) => of[missing]!),
    unseen: codes.map((of) => of[levels.length + 1]!),
    ...(target.classes && target.classes.length > 2 && { classes: target.classes }),
    options,
  }
}

/** Fold of each row of the target: classes are dealt out evenly, in an order drawn from the seed. */
export function crossFolds({ values, classes }: KnownTarget, folds: number, seed: number): Uint8Array {
  const assigned = new Uint8Array(values.length)
  const dealt = new Map<number, number>()
  let start = 0
  for (const row of createRandom(seed).split('target encoding').permutation(values.length)) {
    const key = classes ? values[row]! : 0
    const next = dealt.get(key) ?? start++
    assigned[row] = next % folds
    dealt.set(key, next + 1)
  }
  return assigned
}

/** Codes of the target's rows, each from the rows of the other folds alone; by output, by row of the target. */
export function outOfFoldCodes(
  column: FrameColumn,
  target: KnownTarget,
  options: TargetOptions,
  folds: Uint8Array = crossFolds(target, options.folds, options.seed),
): readonly Float64Array[] {
  const { levels, group } = layOut(column, target, options.impute)
  const groups = levels.length + 1
  return outputsOf(target).map((y) => {
    const out = new Float64Array(y.length)
    for (const fold of new Set(folds)) {
      const codes = shrunkMeans(group, groups, y, options.smoothing, (row) => folds[row] !== fold)
      for (let row = 0; row < y.length; row++) if (folds[row] === fold) out[row] = codes[group[row]!]!
    }
    return out
  })
}

/** Puts the codes of the other folds where the target is known. */
export function writeOutOfFold(
  step: TargetStep,
  column: FrameColumn,
  target: KnownTarget,
  out: Matrix,
  offset: number,
): void {
  outOfFoldCodes(column, target, step.options).forEach((codes, output) => {
    target.rows.forEach((row, place) => {
      out.values[row * out.columns + offset + output] = codes[place]!
    })
  })
}

export function targetBlock(step: TargetStep): Block {
  const { name, levels, codes, classes } = step
  return {
    columns: classes ? classes.map((own) => `${name}: share of ${own}`) : [name],
    write(column, out, offset) {
      const { codes: places, levels: own } = textCells(column)
      const known = new Map(levels.map((level, place) => [level, place]))
      const rowOf = (code: number) => {
        const level = own[code] ?? ''
        const place = known.get(level)
        return level === '' ? step.missing : place === undefined ? step.unseen : codes.map((of) => of[place]!)
      }
      writeLevels(places, rowOf, out, offset)
    },
    emit(graph) {
      const n = levels.length
      const place = emitPlaces(graph, name, levels, { missing: n, unseen: n + 1 })
      return codes.map((of, output) => {
        const table = Float64Array.from([...of, step.missing[output]!, step.unseen[output]!])
        return graph.apply('Gather', [graph.constant('double', [table.length], table), place])
      })
    },
  }
}
