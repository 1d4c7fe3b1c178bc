import { expect, test } from 'vitest'
import type { Accelerator } from '#contract'
import { onBestDevice } from './best-device.ts'
import { DeviceRefused } from './device-steps.ts'

const device = (name: string): Accelerator => ({ name, open: () => Promise.reject(new Error('not opened here')) })

/** Devices by name, `-` before those that are missing; each asked for is noted. */
function offers(...names: string[]) {
  const asked: string[] = []
  const accelerators = async (library: string) =>
    names.map((name) => ({
      async find() {
        asked.push(`${library} ${name}`)
        return name.startsWith('-') ? { missing: `${name.slice(1)} is missing` } : device(name)
      },
    }))
  return { asked, kernels: { accelerators } }
}

/** A training that so many devices refuse before one takes it. */
function training(refusing: number) {
  let left = refusing
  const warnings: string[] = []
  return {
    warnings,
    warn: (reason: string) => warnings.push(reason),
    async train(steps?: unknown) {
      if (steps && left-- > 0) throw new DeviceRefused('it computes otherwise')
      return steps ? 'device' : 'cpu'
    },
  }
}

test('small networks and those for the CPU ask for no device', async () => {
  const { asked, kernels } = offers('WebGPU')
  expect((await onBestDevice(kernels, { wanted: 'cpu', work: 1e15, ...training(0) })).device).toEqual({
    name: 'CPU',
    why: 'as chosen',
  })
  expect((await onBestDevice(kernels, { wanted: 'auto', work: 1e11, ...training(0) })).device.why).toBe(
    'the network is small',
  )
  expect(asked).toEqual([])
})

test('the first device that is there and agrees trains; those behind it are not asked', async () => {
  const { asked, kernels } = offers('-WebGPU', 'CUDA', 'DirectML', 'CoreML')
  const job = training(1)
  expect(await onBestDevice(kernels, { wanted: 'auto', work: 1e13, ...job })).toEqual({
    result: 'device',
    device: { name: 'DirectML', why: 'the network is large' },
  })
  expect(asked).toEqual(['onnxruntime -WebGPU', 'onnxruntime CUDA', 'onnxruntime DirectML'])
  expect(job.warnings).toEqual(['CUDA is not used: it computes otherwise'])
})

test('the CPU trains when all refuse, with every reason; an error that is no refusal is passed on', async () => {
  const { asked, kernels } = offers('-one', 'other')
  const { result, device: place } = await onBestDevice(kernels, { wanted: 'tensorflow', work: 0, ...training(1) })
  expect([result, place.name, place.why]).toEqual(['cpu', 'CPU', 'one is missing; other: it computes otherwise'])
  expect(asked[0]).toBe('tensorflow -one')
  const failing = { wanted: 'gpu' as const, work: 0, train: () => Promise.reject(new Error('the disk is full')) }
  await expect(onBestDevice(kernels, failing)).rejects.toThrow('the disk is full')
})
