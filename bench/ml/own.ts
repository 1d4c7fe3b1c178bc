/** One case of the algorithms benchmark in a process of its own: `own.ts CASE DATA ROWS THREADS`; prints one JSON line a round it is asked for. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { wasmForestKernels } from '#compute/wasm/forest/forest-kernels'
import { wasmShapKernels } from '#compute/wasm/shap/shap-kernels'
import { wasmTreeKernels } from '#compute/wasm/trees/tree-kernels'
import { matrix } from '#ml/matrix'
import { treeShap } from '#ml/tree-shap/tree-shap'
import { boost, boostingDefaults } from '#ml/trees/boost'
import { forestDefaults, growForest } from '#ml/trees/forest'

const [, , name, file, rowText, threadText] = process.argv
const rows = Number(rowText)
const threads = Number(threadText)
const bytes = readFileSync(file!)
const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
const features = all.length / rows - 1
const columns = Array.from({ length: features }, (_, f) => all.slice(f * rows, (f + 1) * rows))
const labels = all.slice(features * rows)
const rowMajor = (from: number, to: number) =>
  matrix(
    to - from,
    features,
    Float64Array.from(
      { length: (to - from) * features },
      (_, i) => columns[i % features]![from + Math.floor(i / features)]!,
    ),
  )

/** Prepares outside the clock, then gives the work to be timed. */
const cases: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  boosting: async () => () =>
    boost(wasmTreeKernels, { train: { columns, labels } }, { ...boostingDefaults, rounds: 100, threads }),
  forest: async () => () =>
    growForest(
      wasmForestKernels,
      { columns, labels, classes: 2 },
      { ...forestDefaults(features, 2), seed: 1, threads },
    ),
  'shap-path': async () => {
    const { ensemble } = await boost(
      wasmTreeKernels,
      { train: { columns, labels } },
      { ...boostingDefaults, rounds: 100, threads: 2 },
    )
    const x = rowMajor(0, 10_000)
    return async () => treeShap(wasmShapKernels, ensemble, x)
  },
  'shap-background-100': async () => {
    const { ensemble } = await boost(
      wasmTreeKernels,
      { train: { columns, labels } },
      { ...boostingDefaults, rounds: 100, threads: 2 },
    )
    const x = rowMajor(0, 1_000)
    const background = rowMajor(20_000, 20_100)
    return async () => treeShap(wasmShapKernels, ensemble, x, background)
  },
}

const work = await cases[name!]!()
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const used = process.cpuUsage(cpu)
  console.log(
    JSON.stringify({
      wall: performance.now() - started,
      cpu: (used.user + used.system) / 1000,
      peak: process.resourceUsage().maxRSS * 1024,
    }),
  )
}
