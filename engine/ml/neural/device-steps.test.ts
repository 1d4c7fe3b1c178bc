import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import type { Accelerator, DeviceTensor, SessionTensor } from '#contract'
import { createRandom } from '#ml/random/random'
import { DeviceRefused, deviceSteps } from './device-steps.ts'
import type { Network } from './network.ts'
import { createTrainer, type TrainerOptions } from './trainer.ts'
import type { TrainingData } from './training-data.ts'

const open = onnxSessions()

interface Held extends DeviceTensor {
  readonly value: SessionTensor
}

/** The CPU as a device, with another file format of nothing: the same calls, tensors kept behind a handle. */
function cpuDevice(spoil: (loss: number) => number = (loss) => loss) {
  const held = new Set<Held>()
  const device: Accelerator = {
    name: 'CPU',
    async open(model, kept) {
      const session = await open(model)
      return {
        async run(inputs) {
          const plain = Object.entries(inputs).map(([name, value]) => [
            name,
            'location' in value ? (value as Held).value : value,
          ])
          const results = Object.entries(await session.run(Object.fromEntries(plain)))
          const hold = (value: SessionTensor): Held => {
            const one: Held = { location: 'device', value, dispose: () => void held.delete(one) }
            held.add(one)
            return one
          }
          const read = results.filter(([name]) => !kept.includes(name))
          const spoiled = read.map(([name, value]) =>
            name === 'loss' && value.type === 'float'
              ? [name, { ...value, values: value.values.map(spoil) }]
              : [name, value],
          )
          const stay = results.filter(([name]) => kept.includes(name)).map(([name, value]) => [name, hold(value)])
          return { read: Object.fromEntries(spoiled), kept: Object.fromEntries(stay) }
        },
        release: () => session.release(),
      }
    },
  }
  return { device, held }
}

const network: Network = {
  inputs: [1, 7, 7],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, padding: 1 },
    { kind: 'batchNorm' },
    { kind: 'activation', function: 'relu' },
    { kind: 'maxPool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dropout', share: 0.1 },
    { kind: 'dense', units: 6 },
    { kind: 'layerNorm' },
    { kind: 'dense', units: 2 },
  ],
}
const random = createRandom(6)
const data: TrainingData = (() => {
  const targets = Float32Array.from({ length: 90 }, (_, row) => row % 2)
  const features = Float32Array.from(
    { length: 90 * 49 },
    (_, at) => random.normal() + (targets[Math.floor(at / 49)] === 1 && at % 7 < 3 ? 1 : 0),
  )
  return { rows: 90, features, targets }
})()
const plan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
const options: TrainerOptions = { plan, seed: 2, batchRows: 20, epochs: 4, learningRate: 0.01 }

async function train(device: Accelerator | undefined, given = options) {
  const trainer = await createTrainer(open, given, data, data, device && deviceSteps(device))
  try {
    return await trainer.train()
  } finally {
    await trainer.close()
  }
}

test('a device trains as the CPU does, and no tensor stays behind', async () => {
  const { device, held } = cpuDevice()
  const [own, other] = [await train(undefined), await train(device)]
  own.history.forEach(({ loss, validationLoss }, epoch) => {
    // Pooling sums its gradients in another order; Adam makes a little more of it.
    expect(Math.abs(other.history[epoch]!.loss - loss)).toBeLessThan(1e-4)
    expect(Math.abs(other.history[epoch]!.validationLoss! - validationLoss!)).toBeLessThan(1e-3)
  })
  expect(own.history.at(-1)!.loss).toBeLessThan(own.history[0]!.loss)
  expect(held.size).toBe(0)
})

test('windows that overlap and reach over the edges train alike', async () => {
  const { device } = cpuDevice()
  const windows = { kind: 'maxPool', size: 3, stride: 2, padding: 1 } as const
  const overlapping: Network = {
    ...network,
    layers: network.layers.map((layer) => (layer.kind === 'maxPool' ? windows : layer)),
  }
  const given = { ...options, plan: { ...plan, network: overlapping } }
  const [own, other] = [await train(undefined, given), await train(device, given)]
  own.history.forEach(({ loss }, epoch) => {
    expect(Math.abs(other.history[epoch]!.loss - loss)).toBeLessThan(1e-4)
  })
})

test('a device that computes otherwise is refused, and one that can not train the network', async () => {
  const { device } = cpuDevice((loss) => loss + 0.001)
  await expect(train(device)).rejects.toThrow(DeviceRefused)
  const full: Accelerator = { name: 'full', open: () => Promise.reject(new Error('no memory is left')) }
  await expect(train(full)).rejects.toThrow('can not train this network: no memory is left')
})
