import { textCells } from '../frame.ts'
import { type Block, doubleType, emitPlaces, writeLevels } from './block.ts'
import { countLevels } from './level-counts.ts'

/**
 * Levels as whole numbers in the order of their names, as scikit-learn's OrdinalEncoder: 0, 1, …; -1 is a level that was
 * not seen in training, -2 a missing text unless a level stands in for it.
 */
export interface OrdinalStep {
  readonly kind: 'ordinal'
  readonly name: string
  readonly levels: readonly string[]
  readonly missing: number
}

export const unseenCode = -1
export const missingCode = -2

export function fitOrdinal(
  name: string,
  codes: Int32Array,
  levels: readonly string[],
  { impute }: { readonly impute: 'category' | 'mode' },
): OrdinalStep {
  const { seen, frequent } = countLevels(codes, levels)
  const missing = impute === 'mode' && frequent !== undefined ? seen.indexOf(frequent) : missingCode
  return { kind: 'ordinal', name, levels: seen.map((code) => levels[code]!), missing }
}

export function ordinalBlock(step: OrdinalStep): Block {
  return {
    columns: [step.name],
    write(column, out, offset) {
      const { codes, levels } = textCells(column)
      const known = new Map(step.levels.map((level, place) => [level, place]))
      const codeOf = (code: number) => {
        const level = levels[code] ?? ''
        return [level === '' ? step.missing : (known.get(level) ?? unseenCode)]
      }
      writeLevels(codes, codeOf, out, offset)
    },
    emit(graph) {
      const place = emitPlaces(graph, step.name, step.levels, { missing: step.missing, unseen: unseenCode })
      return [graph.apply('Cast', [place], { to: { int: doubleType } })]
    },
  }
}
