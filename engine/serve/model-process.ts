/** Entry of the process that holds a model: scores rows with ONNX Runtime, one batch at a time. If it dies, nothing else does. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Column } from '#contract'
import { byteCount, pixelsOfCell } from '#ml/image/pixel-cells'
import type { ModelSetup } from './model-setup.ts'
import { type Feed, isText } from './row-check.ts'

export type ToModel = { readonly t: 'open'; readonly setup: ModelSetup } | { readonly t: 'score'; readonly feed: Feed }
export type FromModel =
  | { readonly t: 'ready' }
  | { readonly t: 'scores'; readonly values: Float64Array; readonly width: number }
  | { readonly t: 'failed'; readonly message: string }

let session: InferenceSession
let features: readonly Column[] = []
let multiple = 1
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
  multiple = setup.multiple
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

const withMissing = (texts: readonly string[], madeUp: number): readonly string[] =>
  madeUp === 0 ? texts : [...texts, ...Array.from({ length: madeUp }, () => '')]

function numberTensor(numbers: Float64Array, madeUp: number): Tensor {
  const values = new Float64Array(numbers.length + madeUp).fill(Number.NaN)
  values.set(numbers)
  return new Tensor('float64', values, [values.length, 1])
}

async function score({ rows, numbers, texts }: Feed): Promise<FromModel> {
  const feeds: Record<string, Tensor> = {}
  const madeUp = (multiple - (rows % multiple)) % multiple
  let atNumber = 0
  let atText = 0
  for (const column of features) {
    const name = column.name
    if (isText(column)) {
      if (used.has(name)) feeds[name] = textTensor(column, withMissing(texts.slice(atText, atText + rows), madeUp))
      atText += rows
    } else {
      if (used.has(name)) feeds[name] = numberTensor(numbers.subarray(atNumber, atNumber + rows), madeUp)
      atNumber += rows
    }
  }
  const output = session.outputNames[0]!
  const tensor = (await session.run(feeds, [output]))[output]!
  const all = Float64Array.from(tensor.data as ArrayLike<number>, Number)
  const width = all.length / (rows + madeUp)
  return { t: 'scores', values: madeUp === 0 ? all : all.slice(0, rows * width), width }
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
