/** Entry of the process that holds a model: scores rows with ONNX Runtime, one batch at a time. If it dies, nothing else does. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Column } from '#contract'
import { byteCount, pixelsOfCell } from '#ml/image/pixel-cells'
import { type Feed, isText } from './row-check.ts'

export interface ModelSetup {
  /** Path of the ONNX file. */
  readonly file: string
  readonly features: readonly Column[]
}
export type ToModel = { readonly t: 'open'; readonly setup: ModelSetup } | { readonly t: 'score'; readonly feed: Feed }
export type FromModel =
  | { readonly t: 'ready' }
  | { readonly t: 'scores'; readonly values: Float64Array; readonly width: number }
  | { readonly t: 'failed'; readonly message: string }

let session: InferenceSession
let features: readonly Column[] = []
let used: ReadonlySet<string> = new Set()

async function open(setup: ModelSetup): Promise<FromModel> {
  session = await InferenceSession.create(setup.file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  })
  features = setup.features
  used = new Set(session.inputNames)
  return { t: 'ready' }
}

/** Texts as they are, pictures as bytes; a missing one is black. */
function textTensor({ name, image }: Column, texts: readonly string[]): Tensor {
  if (!image) return new Tensor('string', [...texts], [texts.length, 1])
  const { width, height, channels } = image
  const each = byteCount(image)
  const pixels = new Uint8Array(texts.length * each)
  texts.forEach((text, row) => {
    if (text !== '') pixels.set(pixelsOfCell(text, image, name), row * each)
  })
  return new Tensor('uint8', pixels, [texts.length, height, width, channels])
}

async function score({ rows, numbers, texts }: Feed): Promise<FromModel> {
  const feeds: Record<string, Tensor> = {}
  let atNumber = 0
  let atText = 0
  for (const column of features) {
    const name = column.name
    if (isText(column)) {
      if (used.has(name)) feeds[name] = textTensor(column, texts.slice(atText, atText + rows))
      atText += rows
    } else {
      if (used.has(name)) feeds[name] = new Tensor('float64', numbers.slice(atNumber, atNumber + rows), [rows, 1])
      atNumber += rows
    }
  }
  const output = session.outputNames[0]!
  const tensor = (await session.run(feeds, [output]))[output]!
  const values = Float64Array.from(tensor.data as ArrayLike<number>, Number)
  return { t: 'scores', values, width: values.length / rows }
}

process.on('message', (message: ToModel) => {
  const work = message.t === 'open' ? open(message.setup) : score(message.feed)
  work
    .catch((error: unknown): FromModel => ({ t: 'failed', message: String(error).slice(0, 1_000) }))
    .then((answer) => {
      if (process.connected) process.send?.(answer)
    })
})
process.once('disconnect', () => process.exit(0))
// A terminal sends Ctrl+C to this process too; the server says when to end.
process.on('SIGINT', () => {})
