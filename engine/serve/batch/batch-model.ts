import type { DataSchema, Model, SchemaColumn } from '#contract'
import type { ContentFiles } from '#store/content-files'
import type { ChosenVersion } from '#store/read-registry'
import { getValue } from '#store/values'
import { decide, explainedOutputs, type Prediction } from '../answer.ts'
import type { ExplainSetup } from '../explain-thread.ts'
import { openExplainer } from '../explainer.ts'
import { startRunner } from '../model-runner.ts'
import { modelSetup } from '../model-setup.ts'
import { type Automate, automationOf } from '../queue/automate.ts'
import type { Explained } from '../reasons.ts'
import type { Feed } from '../row-check.ts'

/** A version in the process it is served from, without the rule that answers for it there. */
export interface BatchModel {
  readonly model: Model
  readonly contract: readonly SchemaColumn[] | undefined
  /** What people decide; undefined where the model decides alone. */
  readonly automate: Automate | undefined
  pid(): number | undefined
  /** Rejects with ModelAway while the process is away. */
  score(feed: Feed): Promise<readonly Prediction[]>
  explain(feed: Feed, predictions: readonly Prediction[]): Promise<readonly Explained[]>
  close(): Promise<void>
}

const explainThread = new URL('../explain-thread.ts', import.meta.url)

export async function openBatchModel(
  files: ContentFiles,
  name: string,
  { version, model: hash, schema, automation }: ChosenVersion,
): Promise<BatchModel> {
  const model = (await getValue(files, hash)) as unknown as Model
  await files.get(model.onnx)
  const contract = schema && ((await getValue(files, schema)) as unknown as DataSchema).columns
  const runner = await startRunner(modelSetup(files.path(model.onnx), model))
  const setup: ExplainSetup = { folder: files.folder, model }
  const explainer = openExplainer(explainThread, setup, (feed) => runner.score(feed))
  return {
    model,
    contract,
    automate: automationOf({ name, version, model }, automation),
    pid: () => runner.pid,
    score: async (feed) => decide(model, await runner.score(feed), feed.rows),
    explain: (feed, predictions) => explainer.explain({ feed, ...explainedOutputs(model, predictions) }),
    async close() {
      await explainer.close()
      await runner.close()
    },
  }
}
