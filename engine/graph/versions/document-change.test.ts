import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { canonicalJson } from '../canonical.ts'
import { applyChanges, documentChanges, revertChanges } from './document-change.ts'

const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
const ids = fc.constantFrom('read', 'split', 'train', 'judge')
const wire = fc.record({ from: ids.map((id) => `${id}.table`), to: ids.map((id) => `${id}.table`) })
const documents = fc.record({
  format: fc.constant(1),
  name: fc.constantFrom('a', 'b'),
  description: fc.string({ maxLength: 2 }),
  seed: fc.nat(3),
  nodes: fc.dictionary(
    ids,
    fc.record({
      type: fc.constantFrom('data/split', 'train/linear'),
      version: fc.nat(2),
      params: fc.dictionary(fc.constantFrom('p', 'q'), json),
    }),
  ),
  edges: fc.array(wire, { maxLength: 5 }),
  inputs: fc.dictionary(fc.constantFrom('data'), fc.constantFrom('read.file', 'split.share')),
  layout: fc.dictionary(ids, fc.tuple(fc.nat(3), fc.nat(3))),
  frames: fc.constant([]),
  notes: fc.array(fc.record({ text: fc.string({ maxLength: 2 }), x: fc.nat(3), y: fc.nat(3) }), { maxLength: 4 }),
}) as unknown as fc.Arbitrary<PipelineDocument>

describe('changes of a document', () => {
  it('lead from one to the other and back, through JSON', () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const changes = JSON.parse(JSON.stringify(documentChanges(before, after)))
        expect(canonicalJson(applyChanges(before, changes))).toBe(canonicalJson(after))
        expect(canonicalJson(revertChanges(after, changes))).toBe(canonicalJson(before))
      }),
      { numRuns: 300 },
    )
  })

  it('say only what changed', () => {
    const [one] = fc.sample(documents, 1)
    const before = { ...one!, notes: [1, 2, 3].map((x) => ({ text: `${x}`, x, y: 0 })) }
    const after = { ...before, name: 'c', notes: [before.notes[0]!, before.notes[2]!] }
    expect(documentChanges(before, before)).toEqual([])
    expect(documentChanges(before, after)).toEqual([
      { path: ['name'], from: before.name, to: 'c' },
      { path: ['notes'], index: 1, from: [before.notes[1]], to: [] },
    ])
  })
})
