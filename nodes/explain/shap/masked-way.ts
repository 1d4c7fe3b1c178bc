import type { Frame, Model, RunContext } from '#contract'
import { type CellPieces, meanPictureCell, picturePieces, wordPieces } from '#ml/explain/cell-pieces'
import { rowOf } from '#ml/explain/score-rows'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { type Matrix, matrix } from '#ml/matrix'
import { addUpPieces, countPieces } from './pieces.ts'
import { drawnWords, type SampledMethod, sampledRow } from './sampled-way.ts'
import type { Way, WayPlan } from './way.ts'

/** A picture's cells that are left out look like the mean of the background. */
function cellPieces({ features: [feature] }: Model, background: Frame): (cell: string) => CellPieces {
  const { name, image } = feature!
  const column = columnOf(background, name)
  const cells = Array.from({ length: background.rows }, (_, row) => cellText(column, row))
  return picturePieces(image!, name, meanPictureCell(cells, image!, name))
}

/** Any model of one text or picture by its scores, with pieces left out. */
export function maskedWay(
  model: Model,
  method: SampledMethod,
  background: Frame,
  plan: WayPlan,
  context: RunContext,
): Way {
  const { name, type, image } = model.features[0]!
  const width = model.classes?.length ?? 1
  const inPieces = type === 'image' ? cellPieces(model, background) : wordPieces
  const scoreCells = async (cells: readonly string[]) => {
    context.signal.throwIfAborted()
    const made = frameOf({ ...columnFrom(name, type, cells), ...(image && { image }) })
    return (await context.models.score(model, made)).values
  }
  async function explainCell(cell: string, seed: string, outputs: readonly number[]) {
    const { names, tree, cell: make } = inPieces(cell)
    if (names.length === 0) {
      const said = await scoreCells([make([])])
      const none = new Float64Array(0)
      return { names, outputs: outputs.map((place) => ({ base: said[place]!, features: [], values: none })) }
    }
    const score = (rows: Matrix) => scoreCells(Array.from({ length: rows.rows }, (_, row) => make(rowOf(rows, row))))
    const all = matrix(1, names.length, new Float64Array(names.length).fill(1))
    const players = names.map((_, place) => String(place))
    const game = { score, width, background: matrix(1, names.length), players, tree, seed }
    return { names, outputs: await sampledRow(method, game, all, outputs, plan) }
  }
  return {
    link: 'shares',
    margins: width,
    background: type === 'image' ? background.rows : 0,
    drawn: drawnWords(method, Number.POSITIVE_INFINITY, plan),
    async explain(frame, outputs, onProgress) {
      const column = columnOf(frame, name)
      const found: Awaited<ReturnType<typeof explainCell>>[] = []
      for (let row = 0; row < frame.rows; row++) {
        found.push(await explainCell(cellText(column, row) ?? '', `${context.seed}/${row}`, outputs))
        onProgress((row + 1) / frame.rows)
      }
      const names = found.map((one) => one.names)
      const each = outputs.map((_, at) => found.map((one) => one.outputs[at]!))
      return {
        outputs: each.map((rows) => addUpPieces(names, rows)),
        margins: (await context.models.score(model, frame)).values,
        matrix: countPieces(names),
        pieces: each.map((rows) => rows.map(({ values }) => values)),
      }
    },
  }
}
