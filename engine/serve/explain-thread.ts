/** The thread that explains answers: reading the training rows and walking trees takes time that no answer should wait for. */
import { workerData } from 'node:worker_threads'
import { createKernels } from '#compute/kernels'
import { readFrame } from '#compute/read-frame'
import type { Model, Table } from '#contract'
import { comparedRows, trainingMeans } from '#ml/explain/reason-basis'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { openContentFiles } from '#store/content-files'
import { getValue } from '#store/values'
import { explainMessages } from './explain-messages.ts'

export interface ExplainSetup {
  /** Folder of the stored files. */
  readonly folder: string
  readonly model: Model
}

const { folder, model } = workerData as ExplainSetup
const files = openContentFiles(folder)
const training = async () => readFrame(files, (await getValue(files, model.training.table)) as unknown as Table)

explainMessages({
  model,
  means: async () => trainingMeans(model, await training()),
  background: async () => comparedRows(model, await training()),
  trees: async () => parseEnsemble(new TextDecoder().decode(await files.get(model.trees!))),
  kernels: () => createKernels().shap(),
})
