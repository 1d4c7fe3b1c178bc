import { z } from 'zod'
import { defineNode } from '#contract'
import { missingColumns } from './missing-columns.ts'
import { benchmarkCard, benchmarkReport } from './report.ts'
import { benchmarkModels, providers } from './run.ts'

export default defineNode({
  type: 'optimise/benchmark-model',
  version: 1,
  title: 'Benchmark model',
  doc: `Measures how large, how fast and how hungry a model is on this machine, beside other candidates: size of the file, time to load, growth of memory, latency (50th, 95th and 99th percentile) for one row and for a batch, rows a second.

The model's own ONNX file is called through ONNX Runtime on raw rows, preparation included: what is measured is what would be served. A tenth of the calls goes before to warm up. While this step runs the engine runs nothing else, so that other steps don't slow it down; other programs can. Figures belong to this machine: on another one the step is measured anew. Growth of memory is that of the process while a model is loaded and called; all stay loaded to the end, so that none uses what another left free. Figures can be taken on several execution providers at once. Percentiles interpolate linearly (Hyndman & Fan type 7, *The American Statistician* 50, 1996).`,
  keywords: [
    'latency',
    'speed',
    'throughput',
    'size',
    'memory',
    'percentile',
    'p95',
    'performance',
    'execution provider',
  ],
  inputs: {
    model: { type: 'model', doc: 'The model to measure.' },
    against: { type: 'model', doc: 'Other candidates, measured in the same way.', many: true, optional: true },
    table: { type: 'table', doc: 'Rows to call the models with; roles and targets do not matter.' },
  },
  outputs: {
    evaluation: {
      type: 'evaluation',
      doc: 'The figures of the model, which gates may name, and the table beside the others.',
    },
  },
  params: z.object({
    batch: z.int().min(1).max(4_096).default(256).meta({
      title: 'Batch',
      description: 'Rows of the larger calls; calls of one row are always measured.',
      unit: 'rows',
    }),
    calls: z.int().min(20).max(10_000).default(200).meta({
      title: 'Calls',
      description:
        'How many calls of each kind count; fewer when they would take more than two seconds, but twenty at least.',
      unit: 'calls',
    }),
    threads: z.int().min(1).max(64).default(1).meta({
      title: 'Threads',
      description: 'Threads ONNX Runtime may use inside one call.',
      unit: 'threads',
      advanced: true,
    }),
    provider: z.enum(providers).default('cpu').meta({
      title: 'Execution provider',
      description: 'Where ONNX Runtime computes; what this machine lacks is a problem, never a silent fall-back.',
      advanced: true,
    }),
    also: z.array(z.enum(providers)).max(4).default([]).meta({
      title: 'Further providers',
      description: 'Measured too, side by side; of one that this machine lacks the result says so and goes on.',
      advanced: true,
    }),
  }),
  measures: true,
  async infer({ inputs }) {
    const problems = [inputs.model, ...(inputs.against ?? [])].flatMap(({ features }) =>
      missingColumns(features, inputs.table.columns),
    )
    return problems.length > 0 ? problems : { evaluation: {} }
  },
  run: ({ inputs, ...rest }) => benchmarkModels({ ...rest, inputs: { ...inputs, against: inputs.against ?? [] } }),
  card: ({ outputs }) => benchmarkCard(outputs.evaluation),
  report: async ({ outputs }) => benchmarkReport(outputs.evaluation),
})
