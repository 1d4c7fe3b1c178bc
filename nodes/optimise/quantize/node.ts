import { defineNode } from '#contract'
import { params } from './params.ts'
import { quantizeCard, quantizeReport } from './report.ts'
import { quantize, quantizeVersion } from './run.ts'

export default defineNode({
  type: 'optimise/quantize',
  version: quantizeVersion,
  title: 'Quantize',
  doc: `Makes a neural network about a quarter as large by writing its weights as 8-bit numbers, and tells what that costs. For models that must be small or score many rows at once.

**Static**: weights per channel and activations as int8, the ranges of activations taken from training rows by their extremes, a percentile, or the cut that loses least information (Jacob et al. 2018, arXiv 1712.05877; Migacz 2017). **Dynamic**: weights only, ranges found in each call; convolutions stay floats. **Aware**: a few more epochs in which weights are rounded as they will be and gradients pass through, then static.

First each layer is made smaller alone, which shows what it costs. Then all are; while the quality on the validation rows falls by more than you allow, the layer that costs most for the bytes it saves stays fine (greedy mixed precision after Dong et al. 2020, arXiv 1911.03852), and the whole is measured again. Where a largest size or latency is set too, other sets of layers that fit are measured as well, until one keeps all limits at once. The preparation stays inside the file as it was. A single row can become slower: measure it with Benchmark model, or set the largest latency, loss and size together.`,
  keywords: ['int8', 'quantisation', 'compression', 'smaller', 'mixed precision', 'calibration', 'edge', 'mobile'],
  inputs: {
    model: { type: 'model', doc: 'A neural network.' },
    table: {
      type: 'table',
      doc: 'The table it was trained on: ranges come from training rows, quality from validation rows.',
    },
  },
  outputs: {
    model: { type: 'model', doc: 'The smaller network with its preparation inside, one ONNX file.' },
    evaluation: { type: 'evaluation', doc: 'Quality, its loss, size; gates may name them.' },
  },
  params,
  measures: ({ mostMilliseconds }) => mostMilliseconds > 0,
  async infer({ inputs }) {
    const { purpose, target, classes, features } = inputs.model
    if (purpose === 'preparation')
      return [
        {
          code: 'not-supported',
          message: 'The model at the input is a preparation, not a neural network.',
          path: ['inputs', 'model'],
          fix: 'Connect the model of a Neural network node',
        },
      ]
    return {
      model: {
        ...(purpose && { purpose }),
        ...(target !== undefined && { target }),
        ...(classes && { classes }),
        ...(features && { features }),
      },
      evaluation: {},
    }
  },
  run: quantize,
  card: ({ outputs }) => quantizeCard(outputs.model),
  report: async ({ outputs }) => quantizeReport(outputs.model),
})
