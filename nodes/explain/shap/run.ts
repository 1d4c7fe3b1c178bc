import type { Explanation, Hash, Model, RunContext, Table } from '#contract'
import { globalImportance } from '#ml/explain/global-importance'
import { columnOf } from '#ml/frame'
import type { RowChoice } from '../../assess/judged-rows.ts'
import { findPerson, namedPerson, typicalPerson } from './explained-person.ts'
import {
  backgroundMeans,
  type Explainable,
  type ExplainedRows,
  explainable,
  explainRows,
  readExplained,
  sampledRows,
} from './explained-rows.ts'

export interface ShapParams {
  readonly rows: RowChoice
  readonly mostRows: number
  readonly mostTreeRows: number
  readonly who: 'refused' | 'named' | 'none'
  readonly person: string
}
interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: ShapParams
  readonly context: RunContext
}

export async function explainModel({ inputs, hashes, params, context }: Run): Promise<{ explanation: Explanation }> {
  const { model, table } = inputs
  const explained = await explainable(model, context)
  context.progress(0, 'reading')
  const frame = await readExplained(model, table, context)
  const most = explained.exact.kind === 'trees' ? Math.min(params.mostRows, params.mostTreeRows) : params.mostRows
  const { rows } = sampledRows(frame, params.rows, most, context.seed)
  const background = backgroundMeans(explained, frame, context)
  context.progress(0.4, 'contributions')
  const all = await explainRows(explained, frame, rows, background, context)
  context.progress(0.8, 'people')
  const explainOne = (row: number) => explainRows(explained, frame, Uint32Array.of(row), background, context)
  const person = await choosePerson(params, explained, all, (named) => explainOne(findPerson(frame, named)))
  context.progress(1)
  return {
    explanation: {
      kind: 'explanation',
      model: hashes.model ?? model.onnx,
      table: hashes.table ?? table.data,
      method: explained.exact.kind === 'linear' ? 'Linear SHAP' : 'Tree SHAP, path-dependent',
      space: explained.space,
      base: all.base,
      rows: rows.length,
      features: globalImportance(all, (feature) => columnOf(all.frame, feature)),
      people: person ? [person] : [],
    },
  }
}

async function choosePerson(
  { who, person }: ShapParams,
  explained: Explainable,
  all: ExplainedRows,
  explainNamed: (named: string) => Promise<ExplainedRows>,
) {
  if (who === 'none') return undefined
  if (who === 'named') return namedPerson(explained, await explainNamed(person))
  return typicalPerson(explained, all)
}
