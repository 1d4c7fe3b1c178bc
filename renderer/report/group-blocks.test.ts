import { expect, test } from 'vitest'
import type { ReportBlock } from '#contract'
import { groupBlocks } from './group-blocks.ts'

const metric: ReportBlock = { block: 'metric', label: 'a', estimate: { value: 1 } }
const text: ReportBlock = { block: 'text', text: 'b' }
const review: ReportBlock = { block: 'review', evaluationHash: '', modelHash: '', features: [] }

test('figures that follow each other stand together, the review form stays out', () => {
  const groups = groupBlocks([metric, metric, text, review, metric])
  expect(groups.map((group) => group.blocks.length)).toEqual([2, 1, 1])
  expect(groups.map((group) => group.previous?.block)).toEqual([undefined, 'metric', 'text'])
})
