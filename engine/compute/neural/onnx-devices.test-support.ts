import { DeviceRefused, deviceSteps } from '#ml/neural/device-steps'
import type { Network } from '#ml/neural/network'
import { createTrainer } from '#ml/neural/trainer'
import { createRandom } from '#ml/random/random'
import { onnxDevices } from './onnx-devices.ts'
import { onnxSessions } from './onnx-session.ts'

/** Run as a program: trains on the CPU and on WebGPU and writes both losses as JSON, or why there is none. */
const network: Network = {
  inputs: [1, 6, 6],
  layers: [
    { kind: 'convolution', filters: 3, size: 3, padding: 1 },
    { kind: 'batchNorm' },
    { kind: 'activation', function: 'relu' },
    { kind: 'maxPool', size: 3, stride: 2, padding: 1 },
    { kind: 'flatten' },
    { kind: 'dropout', share: 0.1 },
    { kind: 'dense', units: 6 },
    { kind: 'layerNorm' },
    { kind: 'dense', units: 2 },
  ],
}
const random = createRandom(6)
const targets = Float32Array.from({ length: 24 }, (_, row) => row % 2)
const features = Float32Array.from({ length: 24 * 36 }, () => random.normal())
const plan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
const options = { plan, seed: 2, batchRows: 8, epochs: 2, learningRate: 0.01 }
const data = { rows: 24, features, targets }

async function losses(steps?: ReturnType<typeof deviceSteps>): Promise<readonly number[] | string> {
  const trainer = await createTrainer(onnxSessions(), options, data, undefined, steps)
  try {
    return (await trainer.train()).history.map(({ loss }) => loss)
  } catch (error) {
    if (error instanceof DeviceRefused) return error.message
    throw error
  } finally {
    await trainer.close()
  }
}

const device = await onnxDevices()[0]!.find()
const answer = 'missing' in device ? device : { cpu: await losses(), gpu: await losses(deviceSteps(device)) }
process.stdout.write(`${JSON.stringify(answer)}\n`)
