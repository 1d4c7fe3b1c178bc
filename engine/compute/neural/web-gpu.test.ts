import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = '/usr/lib/chromium'
const software = path.join(folder, 'vk_swiftshader_icd.json')
const program = fileURLToPath(new URL('./web-gpu.test-support.ts', import.meta.url))

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
