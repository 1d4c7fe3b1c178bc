import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#graph/canonical'
import { sameJson } from './same-json.ts'

describe('what says the same', () => {
  it('is what is written the same', () => {
    // JSON has one zero
    const value = fc.jsonValue().map((one) => JSON.parse(JSON.stringify(one)))
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b))
        expect(sameJson(a, structuredClone(a))).toBe(true)
      }),
    )
  })

  it('is no list where the other is none, and has no part that the other lacks', () => {
    expect(sameJson([1], { 0: 1 })).toBe(false)
    expect(sameJson({ a: 1, c: undefined }, { a: 1, b: undefined })).toBe(false)
    expect(sameJson({}, null)).toBe(false)
    expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
  })
})
