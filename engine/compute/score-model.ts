import type { InferenceSession, Tensor } from 'onnxruntime-node'
import {
  type Column,
  type Frame,
  type FrameColumn,
  type Hash,
  type ImageSize,
  type Model,
  ProblemError,
} from '#contract'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { isTextual } from './cell-builders.ts'

/** Rows that go through a model in one call: small enough to cancel soon, large enough that the call itself is cheap. */
const batchRows = 8_192

export interface Scores {
  readonly values: Float64Array
  /** Outputs a row; `values` holds rows one after the other. */
  readonly width: number
}

export interface ModelScorer {
  score(model: Pick<Model, 'onnx' | 'features'>, frame: Frame, betweenBatches: () => void): Promise<Scores>
  close(): Promise<void>
}

type Runtime = typeof import('onnxruntime-node')

/** The frame's column of a feature; refuses a table that lacks it or has it as another type. */
export function featureColumn(frame: Frame, feature: Column): FrameColumn {
  const column = frame.columns.find((candidate) => candidate.name === feature.name)
  if (!column)
    throw new ProblemError({
      code: 'column-unknown',
      message: `The model needs the column "${feature.name}", which the table does not have.`,
      fix: `Add a column named ${feature.name} to the table`,
      columns: [feature.name],
    })
  if (isTextual(feature) !== (column.cells.kind === 'text'))
    throw new ProblemError({
      code: 'column-type',
      message: `The model was trained with "${feature.name}" as ${feature.type}; here it is ${column.type}.`,
      fix: `Read the column ${feature.name} as ${feature.type}`,
      columns: [feature.name],
    })
  if (feature.image && !sameSize(column.image, feature.image))
    throw new ProblemError({
      code: 'column-type',
      message: `The model takes pictures of ${sizeText(feature.image)} in "${feature.name}"; here they are ${column.image ? sizeText(column.image) : 'of no known size'}.`,
      fix: `Read the pictures of ${feature.name} in the size ${sizeText(feature.image)}`,
      columns: [feature.name],
    })
  return column
}

const sameSize = (a: ImageSize | undefined, b: ImageSize) =>
  a?.width === b.width && a.height === b.height && a.channels === b.channels

const sizeText = ({ width, height, channels }: ImageSize) => `${width} × ${height} with ${formatChannels(channels)}`
const formatChannels = (channels: number) => (channels === 1 ? '1 channel' : `${channels} channels`)

/** Pictures of the rows [from, to) as bytes; a missing one is black. */
function feedImages(runtime: Runtime, { name, cells }: FrameColumn, size: ImageSize, from: number, to: number): Tensor {
  if (cells.kind !== 'text') throw new RangeError(`${name} holds no pictures`)
  const { width, height, channels } = size
  const each = width * height * channels
  const pixels = new Uint8Array((to - from) * each)
  for (let row = from; row < to; row++) {
    const code = cells.codes[row]!
    if (code >= 0) pixels.set(pixelsOfCell(cells.levels[code]!, size, name), (row - from) * each)
  }
  return new runtime.Tensor('uint8', pixels, [to - from, height, width, channels])
}

/** One column's rows [from, to) as the model takes them: NaN or '' for missing, never null; pictures as bytes. */
export function feed(runtime: Runtime, column: FrameColumn, from: number, to: number): Tensor {
  if (column.image) return feedImages(runtime, column, column.image, from, to)
  const { cells } = column
  const dims = [to - from, 1]
  if (cells.kind === 'number') return new runtime.Tensor('float64', cells.values.slice(from, to), dims)
  const texts: string[] = []
  for (let row = from; row < to; row++) texts.push(cells.codes[row]! < 0 ? '' : cells.levels[cells.codes[row]!]!)
  return new runtime.Tensor('string', texts, dims)
}

function copyOutput(output: Tensor, into: Float64Array, at: number): void {
  const data = output.data
  if (typeof data[0] === 'string')
    throw new ProblemError({ code: 'not-supported', message: 'The model gives texts where numbers are needed.' })
  for (let index = 0; index < data.length; index++) into[at + index] = Number(data[index])
}

/** Outputs a row as the file says; what a table without rows still needs. */
function declaredWidth(session: InferenceSession): number {
  const fact = session.outputMetadata[0]
  const last = fact?.isTensor ? fact.shape[1] : undefined
  return typeof last === 'number' ? last : 1
}

async function scoreFrame(
  runtime: Runtime,
  session: InferenceSession,
  columns: readonly FrameColumn[],
  rows: number,
  betweenBatches: () => void,
): Promise<Scores> {
  const output = session.outputNames[0]!
  const used = columns.filter((column) => session.inputNames.includes(column.name))
  let width = declaredWidth(session)
  let values = new Float64Array(0)
  for (let from = 0; from < rows; from += batchRows) {
    betweenBatches()
    const to = Math.min(rows, from + batchRows)
    const feeds = Object.fromEntries(used.map((column) => [column.name, feed(runtime, column, from, to)]))
    const result = (await session.run(feeds, [output]))[output]!
    if (from === 0) {
      width = result.dims[1] ?? 1
      values = new Float64Array(rows * width)
    }
    copyOutput(result, values, from * width)
  }
  return { values, width }
}

/** Runs ONNX models on raw rows on the CPU with one thread, so that sums don't depend on the machine; sessions are kept by hash. */
export function createScorer(blobs: BlobFiles): ModelScorer {
  const sessions = new Map<Hash, Promise<InferenceSession>>()
  const loadRuntime = (): Promise<Runtime> => import('onnxruntime-node')
  const open = async (hash: Hash): Promise<InferenceSession> => {
    const runtime = await loadRuntime()
    return runtime.InferenceSession.create(checkedPath(blobs, hash), {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
    })
  }
  return {
    async score(model, frame, betweenBatches) {
      const columns = model.features.map((feature) => featureColumn(frame, feature))
      let session = sessions.get(model.onnx)
      if (!session) {
        session = open(model.onnx)
        sessions.set(model.onnx, session)
        session.catch(() => sessions.delete(model.onnx))
      }
      return scoreFrame(await loadRuntime(), await session, columns, frame.rows, betweenBatches)
    },
    async close() {
      for (const session of sessions.values()) await (await session).release()
      sessions.clear()
    },
  }
}
