import { textCells } from '../frame.ts'
import type { Graph } from '../onnx/graph-builder.ts'
import { type Block, doubleType, emitPlaces } from './block.ts'
import { countLevels } from './level-counts.ts'

export interface OneHotStep {
  readonly kind: 'text'
  readonly name: string
  /** Levels with a column of their own, sorted by code unit. */
  readonly levels: readonly string[]
  /** Column of rare and unseen levels; without it they are 0 everywhere. */
  readonly other: boolean
  /** A column of its own for missing values, or the level that stands in for them; neither leaves 0 everywhere. */
  readonly missing: { readonly column: true } | { readonly level: string } | null
}

export interface RareOptions {
  /** Levels with a smaller share of the training rows, or fewer of them than `rareRows`, go to "(other)". */
  readonly rareShare: number
  readonly rareRows: number
  readonly mostLevels: number
}

/** Levels to columns as scikit-learn's OneHotEncoder with infrequent levels; the rare bucket doesn't count as a level. */
export function fitOneHot(
  name: string,
  codes: Int32Array,
  levels: readonly string[],
  options: RareOptions & { readonly impute: 'category' | 'mode' },
): OneHotStep {
  const { counts, missing, seen } = countLevels(codes, levels)
  const often = seen
    .filter((code) => counts[code]! >= Math.max(options.rareShare * codes.length, options.rareRows))
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
  const kept = often.slice(0, options.mostLevels).sort((a, b) => a - b)
  const frequent = often[0]
  const byMode = options.impute === 'mode' && frequent !== undefined
  return {
    kind: 'text',
    name,
    levels: kept.map((code) => levels[code]!),
    other: kept.length < seen.length,
    missing: byMode ? { level: levels[frequent]! } : missing > 0 ? { column: true } : null,
  }
}

/** Places of the step's columns: its levels, then other, then missing. */
function placesOf({ levels, other, missing }: OneHotStep) {
  const otherPlace = other ? levels.length : -1
  const next = levels.length + (other ? 1 : 0)
  if (missing === null) return { otherPlace, missingPlace: -1, width: next }
  if ('level' in missing) return { otherPlace, missingPlace: levels.indexOf(missing.level), width: next }
  return { otherPlace, missingPlace: next, width: next + 1 }
}

function emitOneHot(graph: Graph, step: OneHotStep): readonly string[] {
  const { otherPlace, missingPlace, width } = placesOf(step)
  if (width === 0) {
    graph.input(step.name, 'string', ['N', 1])
    return []
  }
  const place = emitPlaces(graph, step.name, step.levels, { missing: missingPlace, unseen: otherPlace })
  const places = graph.constant('int64', [1, width], [...new Array(width).keys()])
  return [graph.apply('Cast', [graph.apply('Equal', [place, places])], { to: { int: doubleType } })]
}

export function oneHotBlock(step: OneHotStep): Block {
  const { otherPlace, missingPlace } = placesOf(step)
  return {
    columns: [
      ...step.levels,
      ...(step.other ? ['(other)'] : []),
      ...(step.missing && 'column' in step.missing ? ['(missing)'] : []),
    ].map((level) => `${step.name} = ${level}`),
    write(column, out, offset) {
      const { codes, levels } = textCells(column)
      const known = new Map(step.levels.map((level, place) => [level, place]))
      const places = levels.map((level) => (level === '' ? missingPlace : (known.get(level) ?? otherPlace)))
      for (let row = 0; row < codes.length; row++) {
        const place = codes[row]! < 0 ? missingPlace : places[codes[row]!]!
        if (place >= 0) out.values[row * out.columns + offset + place] = 1
      }
    },
    emit: (graph) => emitOneHot(graph, step),
  }
}
