import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { createRandom } from '#ml/random/random'
import { type BoostingOptions, boost, boostingDefaults } from '#ml/trees/boost'
import type { CustomLoss } from '#ml/trees/custom-loss'
import { predictMargins, type Tree, type TreeEnsemble } from '#ml/trees/ensemble'
import { readLightgbm } from '#ml/trees/read-lightgbm'
import { drawShare } from '#ml/trees/subsample'
import { largestDifference, readGolden } from '../../../../bench/parity/read-golden.ts'
import { wasmTreeKernels } from './tree-kernels.ts'

const golden = readGolden<{
  kinds: number[][]
  effect: number[]
  boosted: { categorical: number[]; interactions: number[]; model: Parameters<typeof readLightgbm>[0] }
}>('ml-trees-more')
const kinds = golden.kinds[0]!.map((_, f) => Float64Array.from(golden.kinds, (row) => row[f]!))
const effect = Float64Array.from(golden.effect)
const likeLightgbm = {
  ...boostingDefaults,
  ...({ loss: 'squared', rounds: 8, leaves: 8, learningRate: 0.2, minRows: 15, categorySmoothing: 1 } as const),
}

// ours sums gradients in fixed point of some 2^-21 of the largest: 1e-7 a leaf and round
test('splits on categories equal LightGBM’s', async () => {
  const { ensemble } = await boost(
    wasmTreeKernels,
    { train: { columns: kinds, labels: effect } },
    { ...likeLightgbm, categorical: [0, 1] },
  )
  expect(largestDifference(predictMargins(ensemble, kinds, 800), golden.boosted.categorical)).toBeLessThan(1e-5)
})

test('LightGBM’s dump with categories is read to its own predictions', () => {
  const read = readLightgbm(golden.boosted.model)
  expect(read.trees.some((tree) => tree.categories)).toBe(true)
  expect(largestDifference(predictMargins(read, kinds, 800), golden.boosted.categorical)).toBeLessThan(1e-12)
})

test('interaction constraints give LightGBM’s model', async () => {
  const { ensemble } = await boost(
    wasmTreeKernels,
    { train: { columns: kinds, labels: effect } },
    {
      ...likeLightgbm,
      interactions: [
        [0, 1],
        [2, 3],
      ],
    },
  )
  expect(largestDifference(predictMargins(ensemble, kinds, 800), golden.boosted.interactions)).toBeLessThan(1e-5)
})

const rows = 9_000
const random = createRandom(5)
const columns = Array.from({ length: 6 }, (_, f) =>
  Float64Array.from({ length: rows }, () =>
    f === 5 ? random.integer(40) : random.uniform() < 0.05 ? Number.NaN : random.normal(),
  ),
)
const labels = Float64Array.from({ length: rows }, (_, row) => {
  const [a, b, c] = columns.map((column) => (Number.isNaN(column[row]!) ? 0.5 : column[row]!))
  return a! * b! + Math.sin(3 * c!) + ((columns[5]![row]! * 17) % 7) / 3 + 0.2 * random.normal()
})
const train = (more: Partial<BoostingOptions>) =>
  boost(wasmTreeKernels, { train: { columns, labels } }, { ...boostingDefaults, loss: 'squared', rounds: 6, ...more })

const branches = (tree: Tree, node = 0): number[][] =>
  tree.feature[node]! < 0
    ? [[]]
    : [tree.left[node]!, tree.right[node]!].flatMap((child) =>
        branches(tree, child).map((rest) => [tree.feature[node]!, ...rest]),
      )

test('features meet on a branch only within a group; a feature in no group stands alone', async () => {
  const { ensemble } = await train({ interactions: [[0, 1], [1, 2], [5]], rounds: 15 })
  const groups = [[0, 1], [1, 2], [5], [3], [4]]
  const all = ensemble.trees.flatMap((tree) => branches(tree))
  expect(all.some((branch) => new Set(branch).size === 2)).toBe(true)
  for (const branch of all)
    expect(groups.some((group) => branch.every((feature) => group.includes(feature)))).toBe(true)
  const many = Array.from({ length: 61 }, () => [0, 1])
  await expect(train({ interactions: many })).rejects.toThrow(ProblemError)
})

test('by depth, a level is full before the next begins; with room for all leaves the order does not matter', async () => {
  const { ensemble } = await train({ growth: 'depth', leaves: 16 })
  for (const tree of ensemble.trees) for (const branch of branches(tree)) expect(branch).toHaveLength(4)
  const leafwise = await train({ leaves: 16 })
  expect(
    Math.max(...leafwise.ensemble.trees.flatMap((tree) => branches(tree)).map((own) => own.length)),
  ).toBeGreaterThan(4)
  const bound = { leaves: 8, maxDepth: 3 }
  expect((await train({ ...bound, growth: 'depth' })).ensemble).toEqual((await train(bound)).ensemble)
})

test('drawn rows and columns, categories and all constraints are the same on any number of threads, and by seed', async () => {
  const options = {
    ...({ growth: 'depth', rowShare: 0.6, columnShare: 0.5, categorical: [5], interactions: [[0, 1, 5]] } as const),
    seed: 3,
  }
  const [one, two, three] = await Promise.all([1, 2, 3].map((threads) => train({ ...options, threads })))
  expect(two!.ensemble).toEqual(one!.ensemble)
  expect(three!.ensemble).toEqual(one!.ensemble)
  expect((await train({ ...options, seed: 4 })).ensemble).not.toEqual(one!.ensemble)
  for (const tree of one!.ensemble.trees)
    expect(new Set([...tree.feature].filter((feature) => feature >= 0)).size).toBeLessThanOrEqual(3)
})

const half: CustomLoss = {
  base: () => [0],
  mean: (margins, own) => margins.reduce((sum, margin, row) => sum + (margin - own[row]!) ** 2, 0) / own.length,
  derive([margins], own, [gradients], [hessians]) {
    for (let row = 0; row < own.length; row++) gradients![row] = margins![row]! - own[row]!
    hessians!.fill(1)
  },
}

test('rows not drawn count as rows without weight', async () => {
  const bag = new Uint8Array(rows)
  drawShare(createRandom(7).split('rows').split(1), 0.5, bag)
  expect(bag.reduce((sum, drawn) => sum + drawn, 0)).toBe(rows / 2)
  const one = { ...boostingDefaults, custom: half, rounds: 1, minRows: 30 }
  const drawn = await boost(wasmTreeKernels, { train: { columns, labels } }, { ...one, rowShare: 0.5, seed: 7 })
  const weighted = await boost(
    wasmTreeKernels,
    { train: { columns, labels, weights: Float64Array.from(bag) } },
    { ...one, minRows: 60 },
  )
  expect(drawn.ensemble).toEqual(weighted.ensemble)
  const builtIn = { ...boostingDefaults, rowShare: 0.7, seed: 1, rounds: 3 }
  for (const loss of ['squared', 'quantile'] as const) {
    const { ensemble } = await boost(wasmTreeKernels, { train: { columns, labels } }, { ...builtIn, loss })
    expect(predictMargins(ensemble, columns, rows).every(Number.isFinite)).toBe(true)
  }
})

test('squared loss given by its derivatives is the built-in one, with weights and several outputs too', async () => {
  const weights = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 3))
  const data = { train: { columns, labels, weights } }
  const mean = labels.reduce((sum, label, row) => sum + weights[row]! * label, 0) / weights.reduce((a, b) => a + b, 0)
  const options = { ...boostingDefaults, rounds: 5 }
  const own = await boost(wasmTreeKernels, data, { ...options, custom: { ...half, base: () => [mean] } })
  const builtIn = await boost(wasmTreeKernels, data, { ...options, loss: 'squared' })
  expect(own.ensemble.trees).toEqual(builtIn.ensemble.trees)
  const twice: CustomLoss = {
    ...half,
    base: () => [mean, mean],
    derive(margins, targets, gradients, hessians) {
      for (const output of [0, 1]) half.derive([margins[output]!], targets, [gradients[output]!], [hessians[output]!])
    },
  }
  const both = await boost(wasmTreeKernels, data, { ...options, custom: twice })
  const odd: TreeEnsemble = { ...own.ensemble, trees: both.ensemble.trees.filter((_, index) => index % 2 === 1) }
  expect(odd.trees).toEqual(own.ensemble.trees)
})

test('the first split on categories is the best of all partitions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const draw = createRandom(seed)
      const codes = Float64Array.from({ length: 60 }, () =>
        draw.uniform() < 0.1 ? Number.NaN : draw.integer(6) * 10 - 7,
      )
      const values = Float64Array.from({ length: 60 }, () => Math.round(draw.normal() * 100) / 100)
      const { ensemble } = await boost(
        wasmTreeKernels,
        { train: { columns: [codes], labels: values } },
        { ...boostingDefaults, custom: half, rounds: 1, leaves: 2, minRows: 4, categorical: [0], categorySmoothing: 0 },
      )
      const levels = [...new Set(codes)]
      let best = 0
      for (let set = 1; set < 2 ** levels.length - 1; set++) {
        const side = (inside: boolean) =>
          values.filter(
            (_, row) => ((set >> levels.findIndex((level) => Object.is(level, codes[row]!))) & 1) === Number(inside),
          )
        const [a, b] = [side(true), side(false)]
        if (a.length < 4 || b.length < 4) continue
        const score = (part: Float64Array) => part.reduce((sum, value) => sum + value, 0) ** 2 / part.length
        best = Math.max(best, score(a) + score(b) - score(values))
      }
      expect(ensemble.trees[0]!.gain[0]!).toBeCloseTo(best, 5)
    }),
    { numRuns: 15 },
  )
})

test('too many categories, and a direction for categories, are refused', async () => {
  const unique = Float64Array.from({ length: rows }, (_, row) => row % 300)
  await expect(
    boost(
      wasmTreeKernels,
      { train: { columns: [unique], labels } },
      { ...boostingDefaults, loss: 'squared', categorical: [0] },
    ),
  ).rejects.toThrow(/300 categories/)
  await expect(train({ categorical: [5], monotone: [0, 0, 0, 0, 0, 1] })).rejects.toThrow(ProblemError)
})
