import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  describeKeyChange,
  parseStepKey,
  type StepKeyParts,
  shortValue,
  stepKey,
} from './fingerprint.ts'

describe('canonicalJson', () => {
  test('says the same as JSON and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text)
      }),
    )
  })

  test('leaves absent keys out, sorts by code unit, has no minus zero', () => {
    expect(canonicalJson({ b: 1, a: undefined, B: -0, é: [undefined, null] })).toBe('{"B":0,"b":1,"é":[null,null]}')
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n])('refuses what JSON can not say: %s', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  })
})

const key: StepKeyParts = {
  type: 'train/boosting',
  version: 1,
  params: { trees: 100, tree: { depth: 3 }, columns: ['a'], name: '' },
  seed: 1,
  inputs: { table: 'a'.repeat(64), models: ['b'.repeat(64)] },
  sources: { 'data\\loans.csv': 'c'.repeat(64) },
  code: 'd'.repeat(64),
  natives: { DuckDB: '1.5.5' },
}

describe('a step key', () => {
  test('is the same text for the same parts in any order', () => {
    const turned = Object.fromEntries(Object.entries(key).reverse()) as unknown as StepKeyParts
    expect(stepKey(turned)).toBe(stepKey(key))
    expect(parseStepKey(stepKey(key))).toEqual(key)
  })

  test.each<[string, Partial<StepKeyParts>, string[]]>([
    ['nothing', {}, []],
    ['a parameter', { params: { ...key.params, trees: 300 } }, ['trees 100 → 300']],
    ['a parameter inside another', { params: { ...key.params, tree: { depth: 5 } } }, ['tree.depth 3 → 5']],
    [
      'a text and a list',
      { params: { ...key.params, name: 'x', columns: ['a', 'b'] } },
      ['columns ["a"] → ["a","b"]', 'name "" → x'],
    ],
    ['a parameter that is gone', { params: { trees: 100, columns: ['a'], name: '' } }, ['tree {"depth":3} → none']],
    ['the seed', { seed: 2 }, ['seed 1 → 2']],
    ['an input', { inputs: { ...key.inputs, table: 'f'.repeat(64) } }, ['input changed: table']],
    ['a file', { sources: { 'data\\loans.csv': 'f'.repeat(64) } }, ['file changed: loans.csv']],
    [
      'code and library',
      { code: 'f', natives: { DuckDB: '1.6.0' } },
      ['the code of this node changed', 'DuckDB 1.5.5 → 1.6.0'],
    ],
    ['the version', { version: 2 }, ['node version 1 → 2']],
    ['the type', { type: 'train/linear', seed: 4 }, ['node type train/boosting → train/linear']],
  ])('%s changed', (_name, change, words) => {
    expect(describeKeyChange(stepKey(key), { ...key, ...change })).toEqual(words)
  })
})

test('long values are cut', () => {
  expect(shortValue('x'.repeat(500))).toHaveLength(60)
})
