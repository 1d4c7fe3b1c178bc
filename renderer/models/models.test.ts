import { expect, test } from 'vitest'
import type { RunDetail } from '#contract'
import { modelArtifacts } from './model-list.ts'

const run = (id: string, outputs: Readonly<Record<string, { kind: string; hash: string }>>): RunDetail =>
  ({ id, steps: [{ node: 'train', outputs }] }) as unknown as RunDetail

test('a model shared by runs stands once, with its newest run', () => {
  const found = modelArtifacts([
    run('2', { model: { kind: 'model', hash: 'm' }, table: { kind: 'table', hash: 't' } }),
    run('1', { model: { kind: 'model', hash: 'm' }, other: { kind: 'model', hash: 'n' } }),
  ])
  expect(found.map((model) => [model.hash, model.run.id])).toEqual([
    ['m', '2'],
    ['n', '1'],
  ])
})
