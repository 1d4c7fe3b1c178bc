import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JsonValue } from '#contract'
import { rangeHint } from './fields/range-hint.ts'
import { isShown, parametersOf } from './parameter.ts'

const schema = z.object({
  target: z
    .string()
    .default('')
    .meta({ title: 'Target', widget: 'column', types: ['text'] }),
  columns: z.array(z.string()).default([]).meta({ title: 'Columns', widget: 'columns', of: 'left' }),
  trees: z.int().min(1).max(10_000).default(300).meta({ title: 'Trees', unit: 'trees' }),
  any: z.int().default(0),
  share: z.number().min(0).max(1).default(0.2).meta({ widget: 'slider' }),
  cost: z.number().nullable().default(null),
  kind: z.enum(['auto', 'ridge']).default('auto'),
  folds: z.literal([0, 3, 5]).default(5),
  either: z.enum(['a', 'b']).or(z.literal('')).default(''),
  on: z.boolean().default(false),
  file: z.string().meta({ widget: 'file' }),
  sql: z.string().default('').meta({ widget: 'code', advanced: true }),
  names: z.array(z.string()).default([]),
  rows: z
    .array(z.object({ column: z.string().meta({ title: 'Column', widget: 'column' }), limit: z.number() }))
    .default([])
    .meta({ widget: 'rows', when: { kind: ['ridge'] } }),
  map: z.record(z.string(), z.string()).default({}),
  missing: z.string().optional(),
  purpose: z.string().default('').meta({ widget: 'prose' }),
})
const params = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))) as JsonValue
const parameters = parametersOf({ params, defaults: { trees: 300, kind: 'auto' } })
const byName = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter]))

describe('parameters of a JSON Schema', () => {
  it('get the control that fits', () => {
    expect(Object.fromEntries(parameters.map(({ name, kind }) => [name, kind]))).toEqual({
      target: 'column',
      columns: 'columns',
      trees: 'number',
      any: 'number',
      share: 'slider',
      cost: 'number',
      kind: 'choice',
      folds: 'choice',
      either: 'choice',
      on: 'boolean',
      file: 'file',
      sql: 'code',
      names: 'texts',
      rows: 'rows',
      map: 'json',
      missing: 'text',
      purpose: 'text',
    })
  })

  it('a text of some sentences is known as such', () => {
    expect([byName.purpose!.prose, byName.file!.prose]).toEqual([true, undefined])
  })

  it('carry limits, units, choices and defaults', () => {
    expect(byName.trees).toMatchObject({ minimum: 1, maximum: 10_000, unit: 'trees', integer: true, default: 300 })
    expect(byName.any).not.toHaveProperty('minimum')
    expect(byName.folds?.choices).toEqual([0, 3, 5])
    expect(byName.either?.choices).toEqual(['a', 'b', ''])
    expect(byName.cost?.nullable).toBe(true)
    expect(byName.columns?.of).toBe('left')
    expect(byName.target?.types).toEqual(['text'])
    expect(byName.missing).toMatchObject({ title: 'Missing', advanced: false })
    expect(byName.rows?.items.map(({ name, kind }) => [name, kind])).toEqual([
      ['column', 'column'],
      ['limit', 'number'],
    ])
  })

  it('are shown only while their condition holds', () => {
    expect(isShown(byName.rows!, { kind: 'auto' })).toBe(false)
    expect(isShown(byName.rows!, { kind: 'ridge' })).toBe(true)
    expect(isShown(byName.trees!, {})).toBe(true)
  })
})

describe('range hints', () => {
  it('say what helps', () => {
    expect(rangeHint({ minimum: 1, maximum: 10_000 })).toBe('1 – 10\u202f000')
    expect(rangeHint({ minimum: 0, maximum: 1e12 })).toBe('from 0')
    expect(rangeHint({})).toBe('')
  })
})
