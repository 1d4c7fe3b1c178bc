import type { Column, ColumnRole, ColumnType, Frame, FrameColumn } from '#contract'

/** The tables every node must survive: each gives a result or a Problem, never a crash, never a hang. */
export const fixtureNames = [
  'tiny',
  'empty',
  'one row',
  'all null',
  'no feature values',
  'constant target',
  'unicode names',
  'ten thousand columns',
] as const
export type FixtureName = (typeof fixtureNames)[number]

export function fixtureTable(name: FixtureName): Frame {
  switch (name) {
    case 'tiny':
      return baseTable(24)
    case 'empty':
      return baseTable(0)
    case 'one row':
      return baseTable(1)
    case 'all null':
      return withoutValues(baseTable(12), () => true)
    case 'no feature values':
      return withoutValues(baseTable(12), ({ role }) => role === undefined || role === 'feature')
    case 'constant target':
      return withColumn(
        baseTable(24),
        textColumn(
          'approved',
          'target',
          Array.from({ length: 24 }, () => 'yes'),
        ),
      )
    case 'unicode names':
      return unicodeTable()
    case 'ten thousand columns':
      return wideTable(10_000)
  }
}

/** One column of each type and role, with missing values, a seldom level, a repeated row and both classes in every part of the split. */
function baseTable(rows: number): Frame {
  const make = <T>(value: (row: number) => T) => Array.from({ length: rows }, (_, row) => value(row))
  const parts = ['train', 'train', 'train', 'train', 'validation', 'validation', 'test', 'test']
  const employment = ['employed', 'self-employed', 'none', null]
  const columns = [
    textColumn(
      'applicant',
      'id',
      make((row) => `p${String(row).padStart(3, '0')}`),
    ),
    numberColumn(
      'income',
      'number',
      make((row) => (row % 7 === 3 ? Number.NaN : 1_200.5 + ((row * 37) % 11) * 250)),
    ),
    numberColumn(
      'years',
      'integer',
      make((row) => (row * 5) % 9),
    ),
    textColumn(
      'employment',
      undefined,
      make((row) => employment[row % 4]!),
    ),
    numberColumn(
      'owner',
      'boolean',
      make((row) => (row % 3 === 0 ? 1 : 0)),
    ),
    numberColumn(
      'opened',
      'date',
      make((row) => Date.UTC(2020, row % 12, 1 + row)),
    ),
    numberColumn(
      'weight',
      'number',
      make((row) => 1 + (row % 2)),
      'weight',
    ),
    textColumn(
      'age_group',
      'protected',
      make((row) => (row % 5 < 3 ? 'under 60' : '60+')),
    ),
    textColumn(
      'approved',
      'target',
      make((row) => ((row * 7) % 4 < 2 ? 'yes' : 'no')),
    ),
    textColumn(
      'part',
      'split',
      make((row) => parts[(row >> 1) % 8]!),
    ),
  ]
  return { rows, columns }
}

function unicodeTable(): Frame {
  const { rows, columns } = baseTable(24)
  const names = [
    '申請者',
    'Einkommen in €',
    'a "b" \'c\'',
    'emploi; DROP TABLE x --',
    'true',
    'naïve\tdate',
    '🎯',
    'гру́ппа',
    'select',
    '%s {} $x',
  ]
  const values = ['да', 'нет', '']
  return {
    rows,
    columns: columns.map((column, index) => {
      const named = { ...column, name: names[index]! }
      return column.role === 'protected'
        ? textColumn(
            named.name,
            'protected',
            Array.from({ length: rows }, (_, row) => values[row % 3]!),
          )
        : named
    }),
  }
}

function wideTable(width: number): Frame {
  const base = baseTable(24)
  const features = Array.from({ length: width - base.columns.length }, (_, index) =>
    numberColumn(
      `x${index}`,
      'number',
      Array.from({ length: base.rows }, (_, row) => ((row * 31 + index * 17) % 23) / 7),
    ),
  )
  return { rows: base.rows, columns: [...base.columns, ...features] }
}

function withoutValues(frame: Frame, which: (column: Column) => boolean): Frame {
  const columns = frame.columns.map((column): FrameColumn => {
    if (!which(column)) return column
    const cells: FrameColumn['cells'] =
      column.cells.kind === 'text'
        ? { kind: 'text', codes: new Int32Array(frame.rows).fill(-1), levels: [] }
        : { kind: 'number', values: new Float64Array(frame.rows).fill(Number.NaN) }
    return { ...column, nullable: true, cells }
  })
  return { rows: frame.rows, columns }
}

function withColumn(frame: Frame, column: FrameColumn): Frame {
  return { rows: frame.rows, columns: frame.columns.map((other) => (other.name === column.name ? column : other)) }
}

function numberColumn(name: string, type: ColumnType, values: readonly number[], role?: ColumnRole): FrameColumn {
  const nullable = values.some(Number.isNaN)
  return {
    name,
    type,
    nullable,
    ...(role ? { role } : {}),
    cells: { kind: 'number', values: Float64Array.from(values) },
  }
}

function textColumn(name: string, role: ColumnRole | undefined, values: readonly (string | null)[]): FrameColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort()
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)))
  return {
    name,
    type: 'text',
    nullable: codes.includes(-1),
    ...(role ? { role } : {}),
    cells: { kind: 'text', codes, levels },
  }
}
