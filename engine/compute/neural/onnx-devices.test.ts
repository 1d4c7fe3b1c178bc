import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { listSupportedBackends } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { deviceSteps } from '#ml/neural/device-steps'
import type { Network } from '#ml/neural/network'
import { createTrainer } from '#ml/neural/trainer'
import { createRandom } from '#ml/random/random'
import { findOnnxDevice, onnxDevices } from './onnx-devices.ts'
import { onnxSessions } from './onnx-session.ts'

const folder = '/usr/lib/chromium'
const software = path.join(folder, 'vk_swiftshader_icd.json')
const program = fileURLToPath(new URL('./onnx-devices.test-support.ts', import.meta.url))

/** The program in a process of its own, since a graphics driver may end it. */
async function train(environment: Readonly<Record<string, string>>) {
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, ...environment },
    timeout: 90_000,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as { missing?: string; cpu?: number[]; gpu?: number[] | string }
}

test('without a driver it says that no graphics processor was found', async () => {
  const nowhere = { VK_DRIVER_FILES: 'none', VK_ICD_FILENAMES: 'none' }
  const answer = await train(nowhere)
  // macOS and Windows have one all the same.
  if (process.platform === 'linux') expect(answer.missing).toBe('no graphics processor was found')
}, 100_000)

test.skipIf(!existsSync(software) || !existsSync(path.join(folder, 'libvulkan.so.1')))(
  'Chromium’s software graphics processor trains as the CPU does (skipped where it is not installed)',
  async () => {
    const answer = await train({ VK_DRIVER_FILES: software, VK_ICD_FILENAMES: software, LD_LIBRARY_PATH: folder })
    expect(answer.missing).toBeUndefined()
    expect(answer.gpu).toHaveLength(2)
    answer.cpu!.forEach((loss, epoch) => {
      expect(Math.abs((answer.gpu as number[])[epoch]! - loss)).toBeLessThan(1e-4)
    })
  },
  100_000,
)

test('providers are offered that this build has: none whose library is missing', () => {
  const bundled = listSupportedBackends().filter(({ name, bundled }) => bundled && name !== 'cpu')
  expect(onnxDevices().length).toBeGreaterThanOrEqual(bundled.length)
  if (process.platform === 'linux') expect(onnxDevices().length).toBe(bundled.length)
})

test('a provider that keeps nothing on its device trains as the CPU does, for it is the CPU', async () => {
  const device = await findOnnxDevice('cpu', 'the CPU')
  if ('missing' in device) throw new Error(device.missing)
  const network: Network = {
    inputs: [4],
    layers: [{ kind: 'dense', units: 6 }, { kind: 'batchNorm' }, { kind: 'dense', units: 2 }],
  }
  const random = createRandom(1)
  const features = Float32Array.from({ length: 200 }, () => random.normal())
  const data = {
    rows: 50,
    features,
    targets: Float32Array.from({ length: 50 }, (_, row) => (features[4 * row]! > 0 ? 1 : 0)),
  }
  const plan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
  const losses = async (steps?: ReturnType<typeof deviceSteps>) => {
    const trainer = await createTrainer(
      onnxSessions(),
      { plan, seed: 1, epochs: 3, batchRows: 16 },
      data,
      undefined,
      steps,
    )
    const { history } = await trainer.train()
    await trainer.close()
    return history.map(({ loss }) => loss)
  }
  const [own, other] = [await losses(), await losses(deviceSteps(device))]
  own.forEach((loss, epoch) => {
    // The same operators step by step instead of in a loop.
    expect(other[epoch]).toBeCloseTo(loss, 5)
  })
})

test('a provider that does not start is told by its name', async () => {
  const answer = await findOnnxDevice('dml', 'DirectML')
  if (process.platform !== 'win32')
    expect(answer).toEqual({ missing: expect.stringContaining('DirectML does not work here') })
})
