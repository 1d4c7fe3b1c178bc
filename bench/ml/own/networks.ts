import { onnxSessions } from '#compute/neural/onnx-session'
import type { Layer, Network } from '#ml/neural/network'
import { createTrainer } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { createRandom } from '#ml/random/random'
import type { Prepare } from '../own-data.ts'

const relu: Layer = { kind: 'activation', function: 'relu' }

const dense: Network = {
  inputs: [100],
  layers: [{ kind: 'dense', units: 128 }, relu, { kind: 'dense', units: 64 }, relu, { kind: 'dense', units: 2 }],
}

const images: Network = {
  inputs: [1, 28, 28],
  layers: [
    { kind: 'convolution', filters: 16, size: 3, padding: 1 },
    relu,
    { kind: 'maxPool', size: 2 },
    { kind: 'convolution', filters: 32, size: 3, padding: 1 },
    relu,
    { kind: 'maxPool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
  ],
}

function randomExamples(rows: number, width: number, classes: number): TrainingData {
  const random = createRandom(5)
  return {
    rows,
    features: Float32Array.from({ length: rows * width }, () => random.uniform()),
    targets: Float32Array.from({ length: rows }, () => random.integer(classes)),
  }
}

/** One epoch of Adam from the start, building the graph included. */
const epoch =
  (network: Network, data: () => TrainingData, batchRows: number): Prepare =>
  async () => {
    const examples = data()
    const plan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
    return async () => {
      const trainer = await createTrainer(onnxSessions(1), { plan, seed: 1, batchRows, epochs: 1 }, examples)
      await trainer.train()
      await trainer.close()
    }
  }

const numbers = () => randomExamples(50_000, 100, 2)

export const works: Readonly<Record<string, Prepare>> = {
  'mlp-256': epoch(dense, numbers, 256),
  'mlp-32': epoch(dense, numbers, 32),
  cnn: epoch(images, () => randomExamples(10_000, 784, 10), 64),
}
