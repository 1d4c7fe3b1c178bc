/**
 * ml_examples.ts FOLDER: runs every worked pipeline and lays out each of its models for ml_examples.py, with raw rows (some
 * with gaps and with words nobody has seen) and what the learner itself says of them: from the weights or trees in
 * float64, of networks what ONNX Runtime for Node says.
 */
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openScratch } from '#compute/scratch'
import type { Frame, FrameColumn, Hash, Model, RunContext, Table } from '#contract'
import { parseDocument } from '#graph/parse'
import { takeRows } from '#ml/frame'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { predictMargins } from '#ml/trees/ensemble'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { linkMargins } from '#ml/trees/link-margins'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'
import { openContentFiles } from '#store/content-files'
import { artifactsFolder } from '#store/open-store'

const examples = path.resolve(import.meta.dirname, '../../examples')
const models = path.join(process.argv[2]!, 'models')
mkdirSync(models, { recursive: true })
const count = 40

/** The first rows; then one without numbers, one without texts, one with texts nobody has seen. */
function strange(frame: Frame): Frame {
  const rows = Math.min(count, frame.rows)
  const part = takeRows(
    frame,
    Uint32Array.from({ length: rows }, (_, row) => row),
  )
  return { rows, columns: part.columns.map(spoil) }
}

function spoil(column: FrameColumn): FrameColumn {
  if (column.image) return column
  if (column.cells.kind === 'number')
    return { ...column, cells: { ...column.cells, values: column.cells.values.with(0, Number.NaN) } }
  const levels = [...column.cells.levels, 'zzz never seen']
  return {
    ...column,
    cells: { kind: 'text', codes: column.cells.codes.with(1, -1).with(2, levels.length - 1), levels },
  }
}

const cellsOf = ({ cells }: FrameColumn) =>
  cells.kind === 'number'
    ? Array.from(cells.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(cells.codes, (code) => (code < 0 ? null : cells.levels[code]!))

async function ownAnswers(model: Model, frame: Frame, context: RunContext): Promise<ArrayLike<number>> {
  const { linear, trees, preparation } = model
  if (!preparation || (!linear && !trees)) return (await context.models.score(model, frame)).values
  const x = applyPreparation(preparation as unknown as Preparation, frame)
  const row = (i: number) => x.values.subarray(i * x.columns, (i + 1) * x.columns)
  if (trees) {
    const { ensemble, link } = parseEnsemble(new TextDecoder().decode(await context.blobs.get(trees)))
    const columns = Array.from({ length: x.columns }, (_, j) =>
      Float64Array.from({ length: x.rows }, (_c, i) => row(i)[j]!),
    )
    return linkMargins(predictMargins(ensemble, columns, x.rows), ensemble.outputs, link)
  }
  const margins = Array.from({ length: x.rows }, (_, i) =>
    linear!.coefficients.map((weights, k) =>
      weights.reduce((sum, w, j) => sum + w * row(i)[j]!, linear!.intercepts[k]!),
    ),
  )
  const link = model.purpose === 'regression' ? 'identity' : linear!.coefficients.length === 1 ? 'logistic' : 'softmax'
  return linkMargins(Float64Array.from(margins.flat()), linear!.coefficients.length, link)
}

async function layOut(file: string): Promise<void> {
  const project = mkdtempSync(path.join(tmpdir(), 'plumbline-examples-'))
  cpSync(examples, project, { recursive: true, filter: (from) => !from.includes('.plumbline') })
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  const engine = await createEngine({ project, catalogue, catalogueUrl, threads: 2 })
  const scratch = await openScratch()
  try {
    const { document } = parseDocument(readFileSync(path.join(project, file), 'utf8'))
    const { id } = await engine.run({ document: document! })
    await engine.idle(id)
    const { steps } = await engine.runDetail({ run: id })
    const { context } = scratch
    const content = openContentFiles(artifactsFolder(project))
    const bring = async (hash: Hash) => context.blobs.put(await content.get(hash))
    const seen = new Set<string>()
    for (const { node, outputs } of steps) {
      const { model: made } = outputs
      if (made?.kind !== 'model' || seen.has(made.hash)) continue
      seen.add(made.hash)
      const model = (await engine.value({ hash: made.hash })) as unknown as Model
      if (model.purpose === 'preparation') continue
      const table = (await engine.value({ hash: model.training.table })) as unknown as Table
      for (const hash of [table.data, model.onnx, ...(model.trees ? [model.trees] : [])]) await bring(hash)
      const frame = strange(
        await context.tables.read(
          table,
          model.features.map(({ name }) => name),
        ),
      )
      const own = Array.from(await ownAnswers(model, frame, context))
      const name = `${path.basename(file, '.plumb.json')}.${node}`
      writeFileSync(path.join(models, `${name}.onnx`), await context.blobs.get(model.onnx))
      const columns = Object.fromEntries(frame.columns.map((column) => [column.name, cellsOf(column)]))
      const images = Object.fromEntries(frame.columns.flatMap(({ name: of, image }) => (image ? [[of, image]] : [])))
      writeFileSync(
        path.join(models, `${name}.json`),
        JSON.stringify({ columns, images, own, exact: Boolean(model.linear ?? model.trees) }),
      )
    }
  } finally {
    await scratch.close()
    await engine.close()
    rmSync(project, { recursive: true, force: true })
  }
}

for (const file of globSync('*.plumb.json', { cwd: examples }).sort()) await layOut(file)
