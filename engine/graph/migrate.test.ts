import { describe, expect, test } from 'vitest'
import { migrateFormat, migrateNodes } from './migrate.ts'
import { pipeline, testingNodes } from './testing-nodes.ts'

describe('node parameters', () => {
  test('go through every version on the way, and the report says so', () => {
    const document = pipeline({
      a: { type: 'prepare/pick', version: 1, params: { columns: ['x'], max: 4 } },
      b: { type: 'data/source' },
    })
    const migrated = migrateNodes(document, testingNodes)
    expect(migrated.document.nodes.a).toEqual({ type: 'prepare/pick', version: 3, params: { keep: ['x'], limit: 4 } })
    expect(migrated.report).toEqual([{ node: 'a', type: 'prepare/pick', from: 1, to: 3 }])
    expect(document.nodes.a!.version).toBe(1)
  })

  test('inside groups too, unless a setting is shown by its old name', () => {
    const old = pipeline({ a: { type: 'prepare/pick', version: 1, params: { max: 4 } } })
    const group = { title: 'G', version: 1, ...old }
    const document = {
      ...pipeline({ g: { type: 'group/g' } }),
      groups: { g: group, h: { ...group, inputs: { most: 'a.max' } } },
    }
    const migrated = migrateNodes(document, testingNodes)
    expect(migrated.document.groups!.g!.nodes.a).toMatchObject({ version: 3, params: { limit: 4 } })
    expect(migrated.document.groups!.h).toBe(document.groups.h)
    expect(migrated.report).toEqual([{ node: 'g/a', type: 'prepare/pick', from: 1, to: 3 }])
  })

  test('the same document comes back when nothing is old', () => {
    const document = pipeline({
      a: { type: 'prepare/pick' },
      z: { type: 'no/such' },
      newer: { type: 'data/source', version: 5 },
    })
    expect(migrateNodes(document, testingNodes).document).toBe(document)
  })

  test('a version nothing leads from is a problem', () => {
    const { problems } = migrateNodes(pipeline({ a: { type: 'prepare/pick', version: 0 } }), testingNodes)
    expect(problems).toMatchObject([{ code: 'not-supported', node: 'a' }])
  })
})

describe('document formats', () => {
  const steps = {
    1: (old: Readonly<Record<string, unknown>>) => ({ ...old, title: old.name }),
    2: ({ title, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, heading: title }),
  }
  test('older ones are brought up step by step', () => {
    expect(migrateFormat({ format: 1, name: 'x' }, steps, 3)).toEqual({
      document: { format: 3, name: 'x', heading: 'x' },
      migrated: true,
    })
  })
  test.each([{ format: 3 }, { format: 'x' }, {}])('%j stays as it is', (raw) => {
    expect(migrateFormat(raw, steps, 3)).toEqual({ document: raw, migrated: false })
  })
})
