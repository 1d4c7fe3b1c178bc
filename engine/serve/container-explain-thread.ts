/** The thread that explains a container's answers, from the files that were written beside the model. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { workerData } from 'node:worker_threads'
import { wasmShapKernels } from '#compute/wasm/shap/shap-kernels'
import type { Model } from '#contract'
import { basisRows, type ReasonBasis } from '#ml/explain/reason-basis'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { explainMessages } from './explain-messages.ts'

export interface ContainerSetup {
  /** Folder with reasons.json and, of trees, trees.json. */
  readonly folder: string
  readonly model: Model
}

const { folder, model } = workerData as ContainerSetup
const text = (name: string) => readFileSync(path.join(folder, name), 'utf8')
const hasBasis = existsSync(path.join(folder, 'reasons.json'))
const basis: ReasonBasis = hasBasis ? JSON.parse(text('reasons.json')) : {}

explainMessages({
  model,
  means: async () => basis.means ?? [],
  background: async () => basisRows(model, basis),
  trees: async () => parseEnsemble(text('trees.json')),
  kernels: async () => wasmShapKernels,
})
