import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Hash, JsonValue, Model } from '#contract'
import deploy from './node.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const model: Model = {
  kind: 'model',
  purpose: 'binary',
  onnx: hash('0'),
  onnxBytes: 1,
  features: [
    { name: 'income', type: 'number', nullable: true },
    { name: 'employment', type: 'text', nullable: false },
  ],
  target: 'approved',
  classes: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.5,
  protected: [],
  learner: { type: 'train/linear', version: 1, params: {} },
  training: { table: hash('1'), rows: 10, seed: 1 },
  metrics: [],
  engine: '0.1.0',
}

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())
const run = (params: Readonly<Record<string, JsonValue>>, given: Model = model) =>
  runNode(scratch, deploy, { model: given }, params)

test('says in words what answers while the model does not', async () => {
  const { blocks, outputs } = await run({ rule: 'income > 30000 and employment != none' })
  expect(outputs.model).toEqual(model)
  expect(blocks[1]).toMatchObject({
    text: 'While the model does not answer: yes where income > 30000 and employment != none, else no.',
  })
  expect((await run({})).blocks[1]).toMatchObject({ tone: 'stale', text: expect.stringContaining('503') })
})

test.each([
  ['a rule that can not be read', { rule: 'income >' }, 'can not be read at character'],
  ['a column the model does not have', { rule: 'salary > 3' }, 'names the column salary'],
  ['an order of texts', { rule: 'employment > 3' }, 'employment is text'],
  ['an answer that is no class', { rule: 'income > 3', holds: 'maybe' }, 'The answer "maybe" of the fallback rule'],
])('refuses %s', async (_, params, words) => {
  await expect(run(params)).rejects.toThrow(words)
})

test('a rule for numbers needs both answers', async () => {
  const { classes: _, positive: __, threshold: ___, ...rest } = model
  const price: Model = { ...rest, purpose: 'regression' }
  await expect(run({ rule: 'income > 3', holds: '7' }, price)).rejects.toMatchObject({ code: 'parameter-bad' })
  await expect(run({ rule: 'income > 3', holds: '7', otherwise: '2.5' }, price)).resolves.toBeDefined()
})

test('says how it comes to answer beside the version in production', async () => {
  const words = async (params: Readonly<Record<string, JsonValue>>) => JSON.stringify((await run(params)).blocks)
  expect(await words({ rollout: 'canary', steps: '5, 25' })).toContain(
    'rolled out (canary): it answers a growing share',
  )
  expect(await words({ rollout: 'shadow' })).toContain('it answers nobody')
  expect(await words({})).not.toContain('rolled out')
})

test('a preparation is not deployed', async () => {
  await expect(run({}, { ...model, purpose: 'preparation' })).rejects.toMatchObject({ code: 'not-supported' })
})
