import {
  type Evaluation,
  type Hash,
  type JsonValue,
  type Metric,
  type Model,
  type OpenSession,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { modelQuality, networkQuality } from '#ml/architecture/train-candidate'
import type { Calibration } from '#ml/neural/calibrated-range'
import { calibrate, type Quantization, quantizedModel } from '#ml/neural/export-quantized'
import { foldNormalization, type TrainedNetwork } from '#ml/neural/fold-normalization'
import { networkFile } from '#ml/neural/network-file'
import { isWeighted } from '#ml/neural/quantized-layers'
import { sizeOf } from '#ml/neural/shape'
import { createTrainer } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { type NetworkSamples, type ReadNetwork, readNetwork, readSamples } from '../read-network.ts'
import { latencyMetric, rowLatencies } from '../row-latency.ts'
import { chooseLayers, type LayerCost, type Tried } from './choose-layers.ts'
import type { QuantizeParams } from './params.ts'

export const quantizeVersion = 1

interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: QuantizeParams
  readonly context: RunContext
}

/** What the report draws; it travels in the learner's parameters. */
export interface QuantizeFacts {
  readonly exact: number
  readonly judgedOn: NetworkSamples['judgedOn']
  readonly bytesBefore: number
  readonly bytesAfter: number
  readonly layers: readonly (LayerCost & { readonly kind: string; readonly fine: boolean })[]
  readonly tried: readonly Tried[]
  /** Of one row before, where a latency was asked for. */
  readonly latencyBefore?: number
}

export async function quantize({
  inputs,
  hashes,
  params,
  context,
}: Run): Promise<{ model: Model; evaluation: Evaluation }> {
  const { model, table } = inputs
  context.progress(0, 'reading')
  const read = await readNetwork(model, context)
  const samples = await readSamples(model, read, table, context)
  const open = await context.kernels.sessions(1)
  const exact = await networkQuality(open, read.trained, read.loss, samples.judged)
  const trained = params.method === 'aware' ? await trainRounded(open, read, samples, params, context) : read.trained
  context.progress(0.3, 'ranges')
  const ranges = params.method === 'dynamic' ? ('dynamic' as const) : await findRanges(open, trained, samples, params)
  const bench = createBench(open, { ...read, trained }, samples.judged, ranges, model)
  const layers = weightedLayers(trained)
  const costs: LayerCost[] = []
  const whole = bench.bytes(layers)
  for (const [index, layer] of layers.entries()) {
    context.progress(0.35 + (0.4 * index) / layers.length, `layer ${index + 1} of ${layers.length}`)
    const others = layers.filter((other) => other !== layer)
    costs.push({ layer, loss: exact - (await bench.quality(others)), saved: whole - bench.bytes(others) })
  }
  context.progress(0.75, 'choosing')
  const { mostLoss, mostMilliseconds, mostKilobytes } = params
  const most = mostKilobytes > 0 ? 1_000 * mostKilobytes : Number.POSITIVE_INFINITY
  const smallest = bench.file(idleLayers(costs)).byteLength
  const added = new Map(costs.map(({ layer, saved }) => [layer, Math.max(0, saved)]))
  const fits = (fine: readonly number[]) => fine.reduce((sum, layer) => sum + added.get(layer)!, smallest) <= most
  const keeps = ({ fine, latencyMs = 0 }: Tried) =>
    (mostMilliseconds === 0 || latencyMs <= mostMilliseconds) && bench.file(fine).byteLength <= most
  const { tried, chosen } = await chooseLayers(
    costs,
    exact,
    mostLoss,
    async (fine, within) => {
      const quality = await bench.quality(fine)
      const timed = mostMilliseconds > 0 && within(quality)
      const latencyMs = timed ? await rowLatency(bench.file(fine), inputs, context) : undefined
      return { fine, quality, bytes: bench.bytes(fine), ...(latencyMs !== undefined && { latencyMs }) }
    },
    { fits, keeps },
  )
  if (!chosen) throw noneChosen(tried, exact, smallest, params)
  const onnx = bench.file(chosen.fine)
  const latencyBefore =
    mostMilliseconds > 0 ? await rowLatency(await context.blobs.get(model.onnx), inputs, context) : undefined
  const kinds = foldNormalization(trained).network.layers
  const facts: QuantizeFacts = {
    exact,
    judgedOn: samples.judgedOn,
    bytesBefore: model.onnxBytes,
    bytesAfter: onnx.byteLength,
    layers: costs.map((cost) => ({ ...cost, kind: kinds[cost.layer]!.kind, fine: chosen.fine.includes(cost.layer) })),
    tried,
    ...(latencyBefore !== undefined && { latencyBefore }),
  }
  const metrics = figures(facts, chosen)
  const smaller = await describe(model, trained, onnx, facts, params, context)
  context.progress(1)
  return {
    model: smaller,
    evaluation: {
      kind: 'evaluation',
      subject: 'benchmark',
      // no model is named: the figures are those of the one that comes out
      table: hashes.table ?? table.data,
      split: samples.judgedOn === 'validation' ? 'validation' : 'train',
      rows: samples.judged.rows,
      metrics,
    },
  }
}

/** Numbers of the layers with weights, in the folded network. */
const weightedLayers = (trained: TrainedNetwork): readonly number[] =>
  foldNormalization(trained).network.layers.flatMap((layer, number) => (isWeighted(layer) ? [number] : []))

function createBench(
  open: OpenSession,
  { trained, loss, input, output }: ReadNetwork,
  judged: TrainingData,
  ranges: Quantization['ranges'],
  model: Model,
) {
  const columns = model.features.map(({ name }) => name)
  const quantization = (fine: readonly number[]): Quantization => ({ ranges, fine: new Set(fine) })
  return {
    quality: (fine: readonly number[]) =>
      modelQuality(open, quantizedModel(trained, loss.kind, quantization(fine)), trained.network.inputs, loss, judged),
    bytes: (fine: readonly number[]) => quantizedModel(trained, loss.kind, quantization(fine)).byteLength,
    file: (fine: readonly number[]) =>
      networkFile({
        input,
        trained,
        loss: loss.kind,
        columns,
        ...(output && { output }),
        quantization: quantization(fine),
      }),
  }
}

async function findRanges(
  open: OpenSession,
  trained: TrainedNetwork,
  { training }: NetworkSamples,
  params: QuantizeParams,
): Promise<Quantization['ranges']> {
  const rows = Math.min(params.rows, training.rows)
  const features = training.features.slice(0, rows * sizeOf(trained.network.inputs))
  const calibration: Calibration =
    params.calibration === 'percentile' ? { kind: 'percentile', percent: params.percent } : { kind: params.calibration }
  return calibrate(open, trained, features, rows, calibration)
}

/** Quantisation-aware: goes on from the learned values while weights are rounded as they will be. */
async function trainRounded(
  open: OpenSession,
  { trained, loss }: ReadNetwork,
  { training, judged, judgedOn }: NetworkSamples,
  params: QuantizeParams,
  context: RunContext,
): Promise<TrainedNetwork> {
  const { network, parameters, statistics } = trained
  const trainer = await createTrainer(
    open,
    {
      plan: { network, loss, optimizer: { kind: 'adam' }, quantized: true },
      seed: context.seed,
      epochs: params.epochs,
      learningRate: 3e-4,
      batchRows: 64,
      start: { parameters, statistics },
    },
    training,
    judgedOn === 'validation' ? judged : undefined,
  )
  try {
    const outcome = await trainer.train({
      cancelled: () => context.signal.finishing,
      onProgress: ({ fraction, epoch }) =>
        context.progress(0.02 + 0.28 * fraction, `epoch ${epoch + 1} of ${params.epochs}`),
    })
    return outcome.bestEpoch < 0 ? trained : { network, parameters: outcome.parameters, statistics: outcome.statistics }
  } finally {
    await trainer.close()
  }
}

/** Milliseconds of a call with one row, preparation included, 95th percentile. */
async function rowLatency(onnx: Uint8Array, { model, table }: Run['inputs'], context: RunContext): Promise<number> {
  const { features } = model
  const frame = await context.tables.read(
    table,
    features.map(({ name }) => name),
  )
  const [latency] = await rowLatencies([{ onnx, features }], frame, context, { rounds: 1, calls: 200 })
  return latency!.p95
}

const idleLayers = (costs: readonly LayerCost[]) => costs.filter(({ saved }) => saved <= 0).map(({ layer }) => layer)

/** Which limit stood in the way. */
function noneChosen(tried: readonly Tried[], exact: number, smallest: number, params: QuantizeParams): ProblemError {
  const good = tried.filter(({ quality }) => exact - quality <= params.mostLoss + 1e-12)
  if (tried.length > 0 && good.length === 0) return tooCoarse(tried, exact, params)
  const slow = good.length > 0 && good.every(({ latencyMs = 0 }) => latencyMs > params.mostMilliseconds)
  return slow && params.mostMilliseconds > 0 ? tooSlow(tried, params) : tooLarge(smallest, params)
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`

const tooCoarse = (tried: readonly Tried[], exact: number, { mostLoss, mostKilobytes }: QuantizeParams) =>
  new ProblemError({
    code: 'parameter-bad',
    message: `Whichever layers stay fine${mostKilobytes > 0 ? ` within ${mostKilobytes} kB` : ''}, the quality falls by more than ${percent(mostLoss)}; the best try loses ${percent(
      exact - Math.max(...tried.map(({ quality }) => quality)),
    )}.`,
    path: ['params', 'mostLoss'],
    fix: `Allow a larger loss${mostKilobytes > 0 ? ' or file' : ''}, take the method aware, or keep the model as it is`,
  })

const tooSlow = (tried: readonly Tried[], { mostMilliseconds }: QuantizeParams) =>
  new ProblemError({
    code: 'parameter-bad',
    message: `With the loss of quality within its limit a row takes ${Math.min(
      ...tried.flatMap(({ latencyMs }) => latencyMs ?? []),
    ).toPrecision(2)} ms here, more than ${mostMilliseconds}.`,
    path: ['params', 'mostMilliseconds'],
    fix: 'Allow a longer time or a larger loss, or search a smaller network first',
  })

const tooLarge = (bytes: number, { mostKilobytes }: QuantizeParams) =>
  new ProblemError({
    code: 'parameter-bad',
    message: `Even with 8-bit numbers in every layer that they make smaller the file has ${Math.ceil(bytes / 1_000)} kB, more than ${mostKilobytes}.`,
    path: ['params', 'mostKilobytes'],
    fix: 'Allow a larger file, or search a smaller network first',
  })

function figures(
  { exact, bytesBefore, bytesAfter }: QuantizeFacts,
  { quality, fine, latencyMs }: Tried,
): readonly Metric[] {
  return [
    { name: 'quality', label: 'Quality', value: quality, better: 'high' },
    { name: 'quality_loss', label: 'Loss of quality', value: exact - quality, better: 'low' },
    { name: 'file_bytes', label: 'Size of the file, bytes', value: bytesAfter, better: 'low' },
    { name: 'size_ratio', label: 'Size over that before', value: bytesAfter / bytesBefore, better: 'low' },
    { name: 'fine_layers', label: 'Layers that stay fine', value: fine.length, better: 'neither' },
    ...(latencyMs === undefined ? [] : [latencyMetric(95, 1, latencyMs)]),
  ]
}

async function describe(
  model: Model,
  { network, parameters, statistics }: TrainedNetwork,
  onnx: Uint8Array,
  facts: QuantizeFacts,
  params: QuantizeParams,
  context: RunContext,
): Promise<Model> {
  const bytes = (values: Float32Array) => new Uint8Array(values.slice().buffer)
  return {
    ...model,
    onnx: await context.blobs.put(onnx),
    onnxBytes: onnx.byteLength,
    learner: {
      type: 'optimise/quantize',
      version: quantizeVersion,
      params: { ...params, from: model.learner, facts } as unknown as JsonValue,
    },
    network: {
      ...model.network!,
      design: network as unknown as JsonValue,
      parameters: await context.blobs.put(bytes(parameters)),
      ...(statistics.length > 0 && { statistics: await context.blobs.put(bytes(statistics)) }),
    },
    metrics: figures(facts, facts.tried.at(-1)!),
    engine: context.engine.version,
  }
}
