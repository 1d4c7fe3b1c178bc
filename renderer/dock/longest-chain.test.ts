import { expect, it } from 'vitest'
import { longestChain } from './longest-chain.ts'

const node = { type: 'x/y' as const, version: 1, params: {} }
const document = {
  nodes: { read: node, split: node, fast: node, slow: node, judge: node, alone: node },
  edges: [
    { from: 'read.table', to: 'split.table' },
    { from: 'split.table', to: 'fast.table' },
    { from: 'split.table', to: 'slow.table' },
    { from: 'fast.model', to: 'judge.model' },
    { from: 'slow.model', to: 'judge.baseline' },
  ],
}

it('is the chain that takes the most time, without steps that took none', () => {
  const times = new Map(Object.entries({ read: 5, fast: 1, slow: 10, judge: 2, alone: 16 }))
  expect(longestChain(document, times)).toEqual({ nodes: ['read', 'slow', 'judge'], ms: 17 })
  expect(longestChain(document, new Map([...times, ['alone', 18]]))).toEqual({ nodes: ['alone'], ms: 18 })
  expect(longestChain(document, new Map())).toEqual({ nodes: [], ms: 0 })
})
