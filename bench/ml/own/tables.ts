import type { FrameColumn } from '#contract'
import { bootstrapGaps } from '#ml/fairness/bootstrap-gaps'
import { profileColumn } from '#ml/profile/profile-column'
import { createRandom } from '#ml/random/random'
import type { OwnData, Prepare } from '../own-data.ts'

/** As `peers/tables.py` types them: 18 numbers, 6 whole numbers, 4 texts of 26 or 1,000 levels, 2 dates. */
function typedColumns({ columns, rows }: OwnData): FrameColumn[] {
  return columns.map((values, f) => {
    const head = { name: `c${f}`, nullable: true }
    if (f < 18) return { ...head, type: 'number', cells: { kind: 'number', values } }
    if (f < 24) return { ...head, type: 'integer', cells: { kind: 'number', values: scaled(values, 100) } }
    if (f >= 28) return { ...head, type: 'date', cells: { kind: 'number', values: scaled(values, 1e4, 86_400_000) } }
    const count = f < 26 ? 26 : 1_000
    const levels = Array.from({ length: count }, (_, level) => `level ${String(level).padStart(4, '0')}`)
    const codes = new Int32Array(rows)
    for (let row = 0; row < rows; row++) codes[row] = Math.floor((values[row]! / 3) * count)
    return { ...head, type: 'text', cells: { kind: 'text', codes, levels } }
  })
}

const scaled = (values: Float64Array, by: number, unit = 1) => values.map((value) => Math.floor(value * by) * unit)

export const works: Readonly<Record<string, Prepare>> = {
  profile: async (data) => {
    const columns = typedColumns(data)
    return () => columns.map(profileColumn)
  },
  fairness: async ({ columns, labels, rows }) => {
    const codes = Int32Array.from({ length: rows }, (_, row) => Math.min(3, Math.floor((columns[0]![row]! / 3) * 4)))
    const groups = { codes, names: ['a', 'b', 'c', 'd'], missing: -1 }
    const favourable = Uint8Array.from(columns[1]!, (value) => (value > 1.4 ? 1 : 0))
    const actual = Uint8Array.from(labels)
    return () => bootstrapGaps(groups, { favourable, actual }, 'group', { random: createRandom(1) })
  },
}
