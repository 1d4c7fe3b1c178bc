import { expect, test } from 'vitest'
import { wasmForestKernels } from '#compute/wasm/forest/forest-kernels'
import { parameterImportance } from './parameter-importance.ts'
import { RandomSearch } from './random-search.ts'
import type { SearchSpace, Settings } from './space.ts'

const space: SearchSpace = {
  rate: { kind: 'number', low: 0.001, high: 1, log: true },
  size: { kind: 'integer', low: 1, high: 100 },
  kind: { kind: 'category', choices: ['a', 'b'] },
  idle: { kind: 'number', low: 0, high: 1 },
}

async function shares(count: number, value: (settings: Settings) => number) {
  const search = new RandomSearch({ space, seed: 7 })
  const trials = Array.from({ length: count }, () => search.ask()!.settings).map((settings) => ({
    settings,
    value: value(settings),
  }))
  const found = await parameterImportance(wasmForestKernels, space, trials, 1)
  return found && Object.fromEntries(found.map(({ name, share }) => [name, share]))
}

/** Over the unit interval u has variance 1 / 12, so twice it has four times as much; a coin of 0 and 1 has 1 / 4. */
test('shares of an additive function are near those worked out by hand', async () => {
  const found = await shares(
    600,
    ({ rate, size, kind }) =>
      2 * (Math.log10(rate as number) / 3 + 1) + (size as number) / 100 + (kind === 'a' ? 0.5 : 0),
  )
  const [rate, size, kind] = [4 / 12, 1 / 12, 1 / 16]
  const whole = rate + size + kind
  expect(found!.rate).toBeCloseTo(rate / whole, 1)
  expect(found!.size).toBeCloseTo(size / whole, 1)
  expect(found!.kind).toBeCloseTo(kind / whole, 1)
  expect(found!.idle).toBeLessThan(0.03)
})

test('what parameters do only together belongs to none of them', async () => {
  const found = await shares(
    600,
    ({ rate, size }) => Math.sign(Math.log10(rate as number) + 1.5) * Math.sign((size as number) - 50.5),
  )
  expect(Object.values(found!).reduce((sum, share) => sum + share, 0)).toBeLessThan(0.35)
})

test('few trials, or equal values, say nothing', async () => {
  expect(await shares(7, ({ size }) => size as number)).toBeUndefined()
  expect(await shares(20, () => 3)).toBeUndefined()
})
