import type { Column, Model } from '#contract'
import type { ToldRow } from './answering.ts'
import { isText } from './row-check.ts'

/** The JSON tensors of the Open Inference Protocol, version 2 (github.com/kserve/open-inference-protocol). */

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly datatype: string
  readonly data: readonly unknown[]
}
interface InferRequest {
  readonly id?: string
  readonly inputs: readonly Tensor[]
}

const datatypes: Readonly<Record<Column['type'], string>> = {
  number: 'FP64',
  integer: 'FP64',
  date: 'FP64',
  boolean: 'BOOL',
  text: 'BYTES',
  image: 'BYTES',
}
const numeric = /^(FP(16|32|64)|U?INT(8|16|32|64)|BOOL)$/

export function modelMetadata(name: string, version: number, model: Model) {
  return {
    name,
    versions: [String(version)],
    platform: 'onnxruntime_onnx',
    inputs: model.features.map((column) => ({ name: column.name, datatype: datatypes[column.type], shape: [-1, 1] })),
    outputs: outputShapes(model),
  }
}

function outputShapes({ purpose, classes = [] }: Model) {
  if (purpose === 'regression') return [{ name: 'prediction', datatype: 'FP64', shape: [-1, 1] }]
  return [
    { name: 'probabilities', datatype: 'FP64', shape: [-1, classes.length] },
    { name: 'decision', datatype: 'BYTES', shape: [-1, 1] },
  ]
}

/** JSON in which NaN may stand for a missing number: what Python's clients write. */
export function parseTensors(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b/g, (token) => (token === 'NaN' ? 'null' : token)))
  }
}

/** Rows of a request as `/v1/predict` takes them, or what is wrong with its tensors. */
export function tensorRows(
  body: unknown,
  features: readonly Column[],
): { readonly rows: readonly unknown[]; readonly id?: string } | { readonly error: string } {
  const { inputs, id } = (body ?? {}) as Partial<InferRequest>
  if (!Array.isArray(inputs)) return { error: 'The request has no list "inputs".' }
  const byName = new Map((inputs as readonly Tensor[]).map((tensor) => [tensor?.name, tensor]))
  const count = (inputs[0] as Tensor | undefined)?.shape?.[0]
  if (!Number.isInteger(count)) return { error: 'The first input has no shape.' }
  const rows: Record<string, unknown>[] = Array.from({ length: count as number }, () => ({}))
  for (const column of features) {
    const tensor = byName.get(column.name)
    if (!tensor) return { error: `The input "${column.name}" is missing.` }
    const data = Array.isArray(tensor.data) ? tensor.data.flat() : undefined
    if (!data) return { error: `The input "${column.name}" has no "data"; binary tensors are not understood.` }
    if (isText(column) ? tensor.datatype !== 'BYTES' : !numeric.test(tensor.datatype))
      return { error: `The input "${column.name}" is of datatype ${datatypes[column.type]}, not ${tensor.datatype}.` }
    if (data.length !== rows.length)
      return { error: `The input "${column.name}" has ${data.length} values for ${rows.length} rows.` }
    for (let row = 0; row < rows.length; row++) rows[row]![column.name] = cellOf(data[row], column)
  }
  return { rows, ...(typeof id === 'string' ? { id } : {}) }
}

/** Dates come as milliseconds UTC, truth values also as 0 and 1. */
function cellOf(value: unknown, { type }: Column): unknown {
  if (type === 'date' && typeof value === 'number' && Math.abs(value) <= 8.64e15) return new Date(value).toISOString()
  if (type === 'boolean' && (value === 0 || value === 1)) return value === 1
  return value
}

export function inferResponse(
  a: { readonly name: string; readonly version: number; readonly id: string; readonly fallback: boolean },
  model: Model,
  predictions: readonly ToldRow[],
) {
  const rows = predictions.length
  const { classes = [] } = model
  const decision = {
    name: 'decision',
    datatype: 'BYTES',
    shape: [rows, 1],
    data: predictions.map((one) => String(one.decision)),
  }
  const prediction = {
    name: 'prediction',
    datatype: 'FP64',
    shape: [rows, 1],
    data: predictions.map((one) => one.decision),
  }
  // A rule says yes or no: its answer stands as the whole probability.
  const share = (one: ToldRow, name: string) => one.scores?.[name] ?? Number(one.decision === name)
  const probabilities = {
    name: 'probabilities',
    datatype: 'FP64',
    shape: [rows, classes.length],
    data: predictions.flatMap((one) => classes.map((name) => share(one, name))),
  }
  return {
    model_name: a.name,
    model_version: String(a.version),
    id: a.id,
    parameters: { fallback: a.fallback, ...versionsOf(predictions) },
    outputs: model.purpose === 'regression' ? [prediction] : [probabilities, decision],
  }
}

/** While a rollout runs: who answered each row, as "1,2,1". */
function versionsOf(predictions: readonly ToldRow[]) {
  if (predictions[0]?.version === undefined) return {}
  return { versions: predictions.map(({ version }) => version).join(',') }
}
