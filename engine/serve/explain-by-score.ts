import type { Frame, Model } from '#contract'
import { type CellPieces, picturePieces, wordPieces } from '#ml/explain/cell-pieces'
import { codeRows } from '#ml/explain/coded-rows'
import type { Contributions } from '#ml/explain/linear-shap'
import { partitionShap } from '#ml/explain/partition-shap'
import { permutationShap } from '#ml/explain/permutation-shap'
import { rowOf } from '#ml/explain/score-rows'
import { subjectOf } from '#ml/explain/subject'
import { cellText, columnOf, takeRows } from '#ml/frame'
import { type Matrix, matrix } from '#ml/matrix'
import type { Scores } from './model-runner.ts'
import { type ExplainedFeed, mostPieces, type Reasons, rankedContributions } from './reasons.ts'
import { type Feed, feedFrame, frameFeed, joinFeeds, takeFeed } from './row-check.ts'

/** Made-up rows that are scored for a row, about, and cells of them: of very many columns fewer rows. */
const [scoredRows, scoredCells] = [8_192, 16_777_216]
const mostRounds = 10
/** Where columns are too many to compare with so many rows, the typical one stands for them. */
const leastRows = 8
/** Texts and pictures that are made up for one, at most. */
const [scoredTexts, scoredPictures] = [2_048, 256]
/** Cells sent to the model at once, so that other answers come between. */
const cellsAtOnce = 262_144

type ScoreFeed = (feed: Feed) => Promise<Scores>

/** Shapley values of one row from what the model says of made-up rows, within a budget that is the same for every answer. */
export async function explainByScore(
  model: Model,
  background: Frame,
  { feed, places }: ExplainedFeed,
  row: number,
  score: ScoreFeed,
): Promise<Reasons> {
  const { features, purpose } = model
  const place = places[row]!
  const own = takeFeed(features, feed, row)
  const inside = features.length === 1 && subjectOf(model) !== 'columns'
  const explain = inside ? explainPieces : explainColumns
  const { method, found } = await explain(model, background, own, (rows, feedOf) =>
    scoreParts(features.length, rows, feedOf, place, score),
  )
  return {
    method,
    space: purpose === 'regression' ? 'target' : 'probability',
    base: found.base,
    ...rankedContributions(found.features, found.values, inside ? mostPieces : undefined),
  }
}

interface ByScore {
  readonly method: string
  readonly found: Contributions
}
/** Scores of made-up rows; `feedOf` writes some of them as the model takes them. */
type ScoreMade = (rows: Matrix, feedOf: (part: Matrix) => Feed) => Promise<Float64Array>

/** Raw columns in orders, against background rows or, where they are too many for that, the typical one. */
async function explainColumns(model: Model, background: Frame, own: Feed, score: ScoreMade): Promise<ByScore> {
  const { features } = model
  const names = features.map(({ name }) => name)
  const affordable = Math.min(scoredRows, Math.floor(scoredCells / names.length))
  const steps = Math.max(1, 2 * (names.length - 1))
  const inOrders = Math.min(background.rows, Math.floor(affordable / steps))
  const many = inOrders < Math.min(leastRows, background.rows)
  const against = firstRows(background, many ? background.rows : inOrders)
  const frame = feedFrame(features, joinFeeds(features, [frameFeed(features, against), own]))
  const coded = codeRows(frame, names)
  const [rows, one] = [matrixRows(coded, 0, against.rows), matrixRows(coded, against.rows, 1)]
  const others = many ? typicalRow(rows, frame, names) : rows
  const players = many ? inBlocks(names, Math.floor(affordable / 2)) : names
  const walked = Math.max(1, 2 * (new Set(players).size - 1)) * others.rows
  const rounds = Math.max(1, Math.min(mostRounds, Math.floor(affordable / walked)))
  const scoreRows = (made: Matrix) => score(made, (part) => codedFeed(part, frame, names))
  const compared = many ? 'the typical training row' : `${others.rows} training rows`
  return {
    method: `Permutation SHAP, ${rounds * 2} orders over ${compared}`,
    found: await permutationShap(scoreRows, one, others, players, { rounds }),
  }
}

/** The median of each number and the most frequent of each word, of the rows. */
function typicalRow(rows: Matrix, frame: Frame, names: readonly string[]): Matrix {
  const typical = matrix(1, rows.columns)
  names.forEach((name, j) => {
    const cells = Array.from({ length: rows.rows }, (_, row) => rows.values[row * rows.columns + j]!)
    const known = cells.filter((cell) => !Number.isNaN(cell)).sort((a, b) => a - b)
    const count = (cell: number) => known.filter((other) => other === cell).length
    const isNumber = columnOf(frame, name).cells.kind === 'number'
    typical.values[j] =
      known.length === 0
        ? Number.NaN
        : isNumber
          ? known[Math.floor((known.length - 1) / 2)]!
          : known.reduce((best, cell) => (count(cell) > count(best) ? cell : best))
  })
  return typical
}

/** Columns as players; where they are too many, neighbours are one player. */
function inBlocks(names: readonly string[], most: number): readonly string[] {
  const size = Math.ceil(names.length / most)
  if (size === 1) return names
  return names.map((_, at) => {
    const from = at - (at % size)
    return `${names[from]} to ${names[Math.min(names.length, from + size) - 1]}`
  })
}

/** One text or picture: words that are left out, cells that look like the mean picture. */
async function explainPieces(
  { features: [feature] }: Model,
  background: Frame,
  own: Feed,
  score: ScoreMade,
): Promise<ByScore> {
  const { name, image } = feature!
  const piecesOf: (cell: string) => CellPieces = image
    ? picturePieces(image, name, cellText(columnOf(background, name), 0)!)
    : wordPieces
  const { names, tree, cell } = piecesOf(own.texts[0]!)
  const feedOf = (part: Matrix): Feed => ({
    rows: part.rows,
    numbers: new Float64Array(0),
    texts: Array.from({ length: part.rows }, (_, at) => cell(rowOf(part, at))),
  })
  const scoreRows = (rows: Matrix) => score(rows, feedOf)
  const without = image ? 'parts that look average' : 'words left out'
  if (names.length === 0) {
    const [base] = await scoreRows(matrix(1, 0))
    const found = { base: base!, features: [], values: new Float64Array(0) }
    return { method: `Permutation SHAP, ${without}`, found }
  }
  const whole = matrix(1, names.length, new Float64Array(names.length).fill(1))
  const players = names.map((_, at) => String(at))
  const none = matrix(1, names.length)
  const most = image ? scoredPictures : scoredTexts
  const rounds = Math.min(mostRounds, Math.floor(most / Math.max(1, 2 * (names.length - 1))))
  if (rounds > 0) {
    const found = await permutationShap(scoreRows, whole, none, players, { rounds })
    return { method: `Permutation SHAP, ${rounds * 2} orders of ${without}`, found: byName(found, names) }
  }
  const found = await partitionShap(scoreRows, whole, none, players, tree, { samples: most })
  return { method: `Partition SHAP, ${most} times with ${without}`, found: byName(found, names) }
}

/** A word that comes more than once is one reason. */
function byName({ base, values }: Contributions, names: readonly string[]): Contributions {
  const sums = new Map<string, number>()
  names.forEach((name, at) => {
    sums.set(name, (sums.get(name) ?? 0) + values[at]!)
  })
  return { base, features: [...sums.keys()], values: Float64Array.from(sums.values()) }
}

async function scoreParts(
  columns: number,
  made: Matrix,
  feedOf: (part: Matrix) => Feed,
  place: number,
  score: ScoreFeed,
): Promise<Float64Array> {
  const each = Math.max(64, Math.floor(cellsAtOnce / columns))
  const found = new Float64Array(made.rows)
  for (let from = 0; from < made.rows; from += each) {
    const part = matrixRows(made, from, Math.min(each, made.rows - from))
    const { values, width } = await score(feedOf(part))
    for (let row = 0; row < part.rows; row++) found[from + row] = values[row * width + place]!
  }
  return found
}

/** Rows of codes as the model takes them: column by column; `like` has the columns with their texts. */
function codedFeed({ rows, columns, values }: Matrix, like: Frame, names: readonly string[]): Feed {
  const cells = names.map((name) => columnOf(like, name).cells)
  const numbers = new Float64Array(rows * cells.filter(({ kind }) => kind === 'number').length)
  const texts: string[] = []
  let at = 0
  cells.forEach((own, j) => {
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + j]!
      if (own.kind === 'number') numbers[at++] = value
      else texts.push(Number.isNaN(value) ? '' : own.levels[value]!)
    }
  })
  return { rows, numbers, texts }
}

/** The first rows. */
const firstRows = (frame: Frame, rows: number): Frame =>
  rows >= frame.rows
    ? frame
    : takeRows(
        frame,
        Uint32Array.from({ length: rows }, (_, row) => row),
      )

const matrixRows = ({ columns, values }: Matrix, from: number, rows: number): Matrix => ({
  rows,
  columns,
  values: values.subarray(from * columns, (from + rows) * columns),
})
