import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Evaluation, JsonValue, Model, Table } from '#contract'
import example from '../../data/example/node.ts'
import linear from '../../train/linear/node.ts'
import node from './node.ts'
import { benchmarkReport } from './report.ts'

let scratch: Scratch
let table: Table
let model: Model
beforeAll(async () => {
  scratch = await openScratch()
  table = (await runNode(scratch, example, {}, { set: 'loans', rows: 400 })).outputs.table as Table
  model = (await runNode(scratch, linear, { table }, { folds: 0 })).outputs.model as Model
})
afterAll(() => scratch.close())

const measure = async (params: Readonly<Record<string, JsonValue>>) =>
  (await runNode(scratch, node, { model, against: [model], table }, { calls: 30, ...params })).outputs
    .evaluation as Evaluation

test('measures size, load, memory, latencies of both batches and throughput, for each candidate', async () => {
  const { metrics, benchmark } = await measure({ batch: 64 })
  const value = (name: string) => metrics.find((metric) => metric.name === name)!.value!
  expect(value('file_bytes')).toBe(model.onnxBytes)
  expect(value('load_ms')).toBeGreaterThan(0)
  expect(value('memory_bytes')).toBeGreaterThanOrEqual(0)
  for (const rows of [1, 64]) {
    const [p50, p95, p99] = ['p50', 'p95', 'p99'].map((name) => value(`latency_ms.${name}.batch_${rows}`))
    expect(p50).toBeGreaterThan(0)
    expect(p95).toBeGreaterThanOrEqual(p50!)
    expect(p99).toBeGreaterThanOrEqual(p95!)
  }
  expect(value('rows_per_second')).toBeCloseTo(64_000 / value('latency_ms.p50.batch_64'), 6)
  expect(benchmark!.candidates.map(({ title }) => title)).toEqual(['1 · train/linear', '2 · train/linear'])
})

test('a batch larger than the table takes the whole table', async () => {
  const { metrics } = await measure({ batch: 4_096 })
  expect(metrics.map(({ name }) => name)).toContain('latency_ms.p95.batch_400')
})

test('a provider this machine lacks is a problem with a cure', async () => {
  const providers = ['dml', 'coreml']
  const absent = providers[process.platform === 'win32' ? 1 : 0]!
  await expect(measure({ provider: absent })).rejects.toMatchObject({
    problems: [{ code: 'not-supported', path: ['params', 'provider'], fix: 'Choose the provider cpu' }],
  })
})

test('providers stand side by side; one that this machine lacks is told and the rest goes on', async () => {
  const absent = process.platform === 'win32' ? 'coreml' : 'dml'
  const { benchmark, ...evaluation } = await measure({ also: ['cpu', absent], batch: 8 })
  expect(benchmark!.candidates.map(({ title }) => title)).toEqual(['1 · train/linear · cpu', '2 · train/linear · cpu'])
  expect(benchmark!.lacking!.map(({ title }) => title)).toEqual([
    `1 · train/linear · ${absent}`,
    `2 · train/linear · ${absent}`,
  ])
  const words = JSON.stringify(benchmarkReport({ ...evaluation, benchmark: benchmark! }))
  const both = `1 · train/linear · ${absent}, 2 · train/linear · ${absent}`
  expect(words).toContain(`Not measured: ${both}. This model does not run on ${absent} here`)
})

test('a table without the model’s columns is a problem before any run', async () => {
  const { inferred } = await runNode(scratch, node, { model, table }, { calls: 20 }, { table: { columns: [] } })
  expect(inferred).toMatchObject([{ code: 'column-unknown', path: ['inputs', 'table'] }])
})
