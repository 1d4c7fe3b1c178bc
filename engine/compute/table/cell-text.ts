import type { Column } from '#contract'
import { dateText } from '../cell-value.ts'

/** Texts of a number's cell for a search, in small letters; none for what is shown as missing. */
export function numberTexts(column: Column, value: number): readonly string[] {
  if (!Number.isFinite(value)) return []
  if (column.type === 'boolean') return value === 0 ? ['false', 'no'] : ['true', 'yes']
  return [(column.type === 'date' ? dateText(value) : String(value)).toLowerCase()]
}

/** Whether any cell of the type can contain the text: letters are in no number. */
export function canContain(column: Column, wanted: string): boolean {
  if (column.type === 'image') return false
  if (column.type === 'text') return true
  if (column.type === 'boolean') return ['true', 'yes', 'false', 'no'].some((word) => word.includes(wanted))
  return column.type === 'date' ? /^[-+\d:.tz]+$/.test(wanted) : /^[-+\d.e]+$/.test(wanted)
}
