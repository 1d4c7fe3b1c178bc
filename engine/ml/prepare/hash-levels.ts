import { textCells } from '../frame.ts'
import { type Block, doubleType, emitPlaces, writeLevels } from './block.ts'
import { countLevels } from './level-counts.ts'
import { hashBucket } from './murmur-hash.ts'

/**
 * Many levels in few columns: each adds 1 or -1 to one of `buckets` columns (Weinberger et al. 2009, "Feature hashing for
 * large scale multitask learning"), as scikit-learn's FeatureHasher on the level's text. The ONNX graph looks the levels of
 * the training rows up instead of hashing, and an unseen level is 0 everywhere: a hash would lend it the effect of the
 * strangers in its bucket.
 */
export interface HashStep {
  readonly kind: 'hash'
  readonly name: string
  readonly buckets: number
  readonly levels: readonly string[]
  /** The text whose bucket missing values share; null leaves them 0 everywhere. */
  readonly missing: string | null
}

export function fitHash(
  name: string,
  codes: Int32Array,
  levels: readonly string[],
  { impute, buckets }: { readonly impute: 'category' | 'mode'; readonly buckets: number },
): HashStep {
  const { seen, missing, frequent } = countLevels(codes, levels)
  const stand = impute === 'mode' && frequent !== undefined ? levels[frequent]! : missing > 0 ? '' : null
  return { kind: 'hash', name, buckets, levels: seen.map((code) => levels[code]!), missing: stand }
}

export function hashBlock(step: HashStep): Block {
  const { buckets, name } = step
  const texts = step.missing === null ? step.levels : [...step.levels, step.missing]
  const placed = texts.map((level) => hashBucket(level, buckets))
  const missingPlace = step.missing === null ? -1 : step.levels.length
  return {
    columns: Array.from({ length: buckets }, (_, place) => `${name} #${place + 1}`),
    write(column, out, offset) {
      const { codes, levels } = textCells(column)
      const known = new Map(step.levels.map((level, place) => [level, place]))
      const rowOf = (code: number) => {
        const level = levels[code] ?? ''
        const found = placed[level === '' ? missingPlace : (known.get(level) ?? -1)]
        if (!found) return undefined
        const row = new Float64Array(buckets)
        row[found.place] = found.sign
        return row
      }
      writeLevels(codes, rowOf, out, offset)
    },
    emit(graph) {
      // One entry more than there are levels: what nothing was learnt of.
      const nowhere = placed.length
      const missing = step.missing === null ? nowhere : missingPlace
      const found = emitPlaces(graph, name, step.levels, { missing, unseen: nowhere })
      const table = (values: readonly number[]) => graph.constant('int64', [values.length], values)
      const place = graph.apply('Gather', [table([...placed.map((one) => one.place), -1]), found])
      const sign = graph.apply('Gather', [table([...placed.map((one) => one.sign), 0]), found])
      const places = graph.constant('int64', [1, buckets], [...new Array(buckets).keys()])
      const hit = graph.apply('Cast', [graph.apply('Equal', [place, places])], { to: { int: doubleType } })
      return [graph.apply('Mul', [hit, graph.apply('Cast', [sign], { to: { int: doubleType } })])]
    },
  }
}
