import type { JsonValue, NodeCard, PipelineDocument } from '#contract'
import { importOrange } from '#graph/orange/import-orange'
import { parametersOf } from '../../form/parameter.ts'
import { messages } from '../../shell/messages.ts'
import { addNode } from '../../state/edits/add-node.ts'
import { connect } from '../../state/edits/connect.ts'
import { emptyDocument } from '../../state/edits/empty-document.ts'
import type { Cards } from '../../state/judge-wire.ts'
import type { Workbench } from '../../state/workbench.ts'
import { insertNode } from './insert-node.ts'
import { newPipeline, openPipeline } from './open-pipeline.ts'

const tableFile = /\.(csv|tsv|txt|parquet|csv\.gz|json|ndjson)$/i
const reviewFile = /\.review\.json$/i
const pipelineFile = /\.plumb\.json$/i
const orangeFile = /\.ows$/i

/** A file dropped on the window: a review is recorded, a table starts a pipeline or becomes a node of the open one, a workflow of Orange becomes a pipeline. */
export async function dropFile(workbench: Workbench, file: File): Promise<void> {
  const { notices } = workbench
  try {
    if (reviewFile.test(file.name)) await importReview(workbench, file)
    else if (pipelineFile.test(file.name)) await importPipeline(workbench, file)
    else if (orangeFile.test(file.name)) await importWorkflow(workbench, file)
    else if (tableFile.test(file.name)) await importTable(workbench, file)
    else notices.say(messages.start.notAFile(file.name), { tone: 'bad' })
  } catch (error) {
    notices.complain(error)
  }
}

async function importReview({ engine, notices, view }: Workbench, file: File) {
  const review = await engine.importReview({ review: JSON.parse(await file.text()) as JsonValue })
  notices.say(messages.start.importedReview(review.reviewer), { tone: 'ok' })
  view.set({ room: 'reviews' })
}

async function importPipeline(workbench: Workbench, file: File) {
  const { path } = await workbench.engine.upload({ name: file.name, bytes: await bytesOf(file) })
  await openPipeline(workbench, path)
}

/** A workflow of Orange becomes a new pipeline; a note on the canvas says what became of its widgets. */
async function importWorkflow(workbench: Workbench, file: File) {
  const name = file.name.replace(orangeFile, '')
  const { document, widgets } = importOrange(await file.text(), name)
  await newPipeline(workbench, document)
  const kept = widgets.filter(({ node }) => node !== undefined).length
  workbench.documents.edit(messages.edits.add(name), (old) => ({ ...old }))
  workbench.notices.say(messages.start.madeFromOrange(name, kept, widgets.length), { tone: 'ok' })
}

async function importTable(workbench: Workbench, file: File) {
  const { engine, view, documents } = workbench
  const { path } = await engine.upload({ name: file.name, bytes: await bytesOf(file) })
  if (view.getState().room === 'build' && documents.getState().path !== null) {
    insertNode(workbench, 'data/read-file', workbench.canvas.current?.center() ?? [0, 0], undefined, { path })
    return
  }
  await startFromTable(workbench, path)
}

/** A first pipeline on a table file: read, infer its schema, validate, split. */
export async function startFromTable(workbench: Workbench, path: string): Promise<void> {
  const name = path.split(/[\\/]/).at(-1) ?? path
  const document = firstPipeline(workbench.catalogue.getState().byType, name.replace(/\.[^.]+$/, ''), path)
  await newPipeline(workbench, document)
  workbench.documents.edit(messages.edits.add(name), (old) => ({ ...old }))
  workbench.notices.say(messages.start.madeFrom(name), { tone: 'ok' })
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer())
}

const firstSteps = [
  { type: 'data/read-file', at: [0, 60] },
  { type: 'data/infer-schema', at: [250, 160] },
  { type: 'data/validate-schema', at: [500, 60] },
  { type: 'data/split', at: [750, 60] },
  { type: 'data/profile', at: [750, 220] },
] as const

/** The file to read; a split that needs no target, since nobody has named one yet. */
function firstSettings(card: NodeCard, path: string): Readonly<Record<string, JsonValue>> {
  if (card.type === 'data/read-file') return { path }
  const method = parametersOf(card).find((parameter) => parameter.name === 'method')
  return card.type === 'data/split' && method?.choices.includes('random') ? { method: 'random' } : {}
}

/** The steps whose nodes exist, wired where their ports allow it. */
export function firstPipeline(cards: Cards, name: string, path: string): PipelineDocument {
  let document = emptyDocument(name)
  const ids: Partial<Record<string, string>> = {}
  for (const { type, at } of firstSteps) {
    const card = cards.get(type)
    if (!card) continue
    const added = addNode(document, card, at, firstSettings(card, path))
    document = added.document
    ids[type] = added.id
  }
  const wire = (from: string, output: string, to: string, input: string) => {
    const output_ = cards.get(from)?.outputs[output]
    const input_ = cards.get(to)?.inputs[input]
    if (output_ && input_ && output_.type === input_.type)
      document = connect(document, { from: `${ids[from]}.${output}`, to: `${ids[to]}.${input}` })
  }
  wire('data/read-file', 'table', 'data/infer-schema', 'table')
  wire('data/read-file', 'table', 'data/validate-schema', 'table')
  wire('data/infer-schema', 'schema', 'data/validate-schema', 'schema')
  wire('data/validate-schema', 'table', 'data/split', 'table')
  wire('data/validate-schema', 'table', 'data/profile', 'table')
  return document
}
