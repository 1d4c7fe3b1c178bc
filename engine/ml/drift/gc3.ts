import { DensityGrid, type GridCell } from './density-grid.ts'
import { badOption, settle } from './detector.ts'
import { distanceOf } from './nearest-point.ts'
import { checkRow, unknownClass } from './novelty-rows.ts'

/**
 * GC3: classifies a stream that drifts and asks for few labels (Sethi, Kantardzic & Hu 2016, Journal of Intelligent
 * Information Systems 46:179). Grid density clustering watches where rows fall; labels are asked for uniformly over
 * the dense cells of a grid, not over the rows; an ensemble with a model for each cluster follows clusters that appear, move and
 * change their class.
 *
 * Of the paper only the abstract was to be had; the rest was decided here. A dense cell is asked about `perCell` times, then
 * once in `refresh` rows, never above `burst` + `budget` of the rows. A label goes to the model whose region shares most
 * cells with its cluster of dense cells, or begins a new model where none does; the cluster joins the model's region. A
 * model answers with the commonest class of the three nearest of its labelled rows, at most `perCell` a cell, the
 * newest. A label that contradicts it lets the cluster's cells be asked about once more; when half of its last six
 * answers were wrong, it forgets all but its last three labels. Models whose region holds a row's cell vote with their share
 * of right answers, else the model with the nearest labelled row answers.
 */
export interface Gc3Options {
  readonly cells: number
  readonly fading: number
  readonly dense: number
  readonly perCell: number
  /** Rows after which a cell may be asked about once more. */
  readonly refresh: number
  /** Share of rows that may be asked about, and rows beyond it. */
  readonly budget: number
  readonly burst: number
  /** Models at most; beyond, the one that was taught longest ago goes. */
  readonly models: number
}
const defaults: Gc3Options = {
  cells: 10,
  fading: 0.998,
  dense: 5,
  perCell: 2,
  refresh: 1_000,
  budget: 0.05,
  burst: 20,
  models: 20,
}
const limits = {
  cells: [1, 1e4],
  fading: [0, 1],
  dense: [0, 1e6],
  perCell: [1, 1e4],
  refresh: [1, 1e12],
  budget: [0, 1],
  burst: [0, 1e9],
  models: [1, 1e4],
} as const

const neighbours = 3
const recentAnswers = 6
const keptLessons = 3

interface Lesson {
  readonly key: string
  readonly row: Float64Array
  readonly label: number
}
interface Model {
  region: Set<string>
  lessons: Lesson[]
  /** 1 for a right answer to a later lesson, 0 for a wrong one; the newest last. */
  answers: number[]
  taught: number
}

export interface Gc3Answer {
  /** The class, -1 before the first label. */
  readonly label: number
  /** Whether the row's label is wanted: `teach` it, soon or never. */
  readonly ask: boolean
}

export interface Gc3Json {
  readonly options: Gc3Options
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly time: number
  readonly asked: number
  readonly cells: readonly (readonly [string, GridCell])[]
  readonly models: readonly {
    readonly region: readonly string[]
    readonly lessons: readonly { readonly key: string; readonly row: readonly number[]; readonly label: number }[]
    readonly answers: readonly number[]
    readonly taught: number
  }[]
}

export class Gc3 {
  readonly options: Gc3Options
  readonly #grid: DensityGrid
  #models: Model[] = []
  #time = 0
  #asked = 0

  /** The lowest and highest value of each column, as far as they are known; rows beyond count to the edge. */
  constructor(low: Float64Array, high: Float64Array, options: Partial<Gc3Options> = {}) {
    this.options = settle('gc3', defaults, options, limits)
    if (low.length === 0 || low.length !== high.length || !low.every((value, j) => high[j]! > value))
      throw badOption('gc3', 'high', Array.from(high).join(', '), 'a higher number than low for each column')
    this.#grid = new DensityGrid(this.options, low, high)
  }

  static fromJson(json: Gc3Json): Gc3 {
    const gc3 = new Gc3(Float64Array.from(json.low), Float64Array.from(json.high), json.options)
    for (const [key, cell] of json.cells) gc3.#grid.cells.set(key, { ...cell })
    gc3.#time = json.time
    gc3.#asked = json.asked
    gc3.#models = json.models.map(({ region, lessons, answers, taught }) => ({
      region: new Set(region),
      lessons: lessons.map((lesson) => ({ ...lesson, row: Float64Array.from(lesson.row) })),
      answers: [...answers],
      taught,
    }))
    return gc3
  }

  toJson(): Gc3Json {
    return {
      options: this.options,
      low: Array.from(this.#grid.low),
      high: Array.from(this.#grid.high),
      time: this.#time,
      asked: this.#asked,
      cells: Array.from(this.#grid.cells, ([key, cell]) => [key, { ...cell }]),
      models: this.#models.map(({ region, lessons, answers, taught }) => ({
        region: [...region],
        lessons: lessons.map((lesson) => ({ ...lesson, row: Array.from(lesson.row) })),
        answers: [...answers],
        taught,
      })),
    }
  }

  /** Takes the next row. */
  update(row: Float64Array): Gc3Answer {
    checkRow(row, this.#grid.low.length)
    this.#time += 1
    if (this.#time % this.options.refresh === 0) this.#grid.forget(this.#time)
    const key = this.#grid.keyOf(row)
    const cell = this.#grid.add(key, this.#time)
    return { label: this.#classify(row, key), ask: this.#wants(key, cell) }
  }

  #wants(key: string, cell: GridCell): boolean {
    const { perCell, refresh, budget, burst } = this.options
    if (this.#asked + 1 > burst + budget * this.#time) return false
    if (!this.#grid.isDense(key, this.#time)) return false
    if (cell.taken >= perCell && this.#time - cell.asked < refresh) return false
    cell.taken += 1
    cell.asked = this.#time
    this.#asked += 1
    return true
  }

  #classify(row: Float64Array, key: string): number {
    const votes = new Map<number, number>()
    for (const model of this.#models) {
      if (!model.region.has(key)) continue
      const label = answerOf(model.lessons, row)
      votes.set(label, (votes.get(label) ?? 0) + weightOf(model))
    }
    if (votes.size > 0) return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
    const nearest = this.#models.map(({ lessons }) => Math.min(...lessons.map((lesson) => distanceOf(lesson.row, row))))
    const model = this.#models[nearest.indexOf(Math.min(...nearest))]
    return model ? answerOf(model.lessons, row) : unknownClass
  }

  /** Tells the class, a whole number from 0, of a row that was asked about. */
  teach(row: Float64Array, label: number): void {
    checkRow(row, this.#grid.low.length)
    const key = this.#grid.keyOf(row)
    const cluster = this.#grid.clusterOf(key, this.#time)
    const model = this.#modelOf(cluster)
    for (const cell of cluster) model.region.add(cell)
    model.taught = this.#time
    const wrong = model.lessons.length > 0 && answerOf(model.lessons, row) !== label
    if (model.lessons.length > 0) model.answers = [...model.answers, wrong ? 0 : 1].slice(-recentAnswers)
    this.#learn(model, { key, row: row.slice(), label })
    if (wrong) this.#doubt(cluster, model)
  }

  #learn(model: Model, lesson: Lesson): void {
    const older = model.lessons.filter(({ key }) => key === lesson.key)
    const surplus = older.length + 1 - this.options.perCell
    const dropped = surplus > 0 ? older.slice(0, surplus) : []
    model.lessons = [...model.lessons.filter((other) => !dropped.includes(other)), lesson]
  }

  /** The model that shares most cells with a cluster, the first of equals; a new one where none shares any. */
  #modelOf(cluster: ReadonlySet<string>): Model {
    const shared = this.#models.map(({ region }) => [...cluster].filter((key) => region.has(key)).length)
    const most = Math.max(0, ...shared)
    if (most > 0) return this.#models[shared.indexOf(most)]!
    if (this.#models.length >= this.options.models) {
      const taught = this.#models.map((model) => model.taught)
      this.#models.splice(taught.indexOf(Math.min(...taught)), 1)
    }
    const model: Model = { region: new Set(), lessons: [], answers: [], taught: this.#time }
    this.#models.push(model)
    return model
  }

  /** After a wrong answer: the cluster's cells may be asked about again; a model wrong half of the time begins anew. */
  #doubt(cluster: ReadonlySet<string>, model: Model): void {
    for (const key of cluster) {
      const cell = this.#grid.cells.get(key)
      if (cell) cell.taken = Math.min(cell.taken, this.options.perCell - 1)
    }
    const right = model.answers.reduce((sum, answer) => sum + answer, 0)
    if (model.answers.length < recentAnswers || 2 * right > recentAnswers) return
    model.lessons = model.lessons.slice(-keptLessons)
    model.answers = []
    for (const key of model.region) {
      const cell = this.#grid.cells.get(key)
      if (cell) cell.taken = 0
    }
  }
}

const weightOf = ({ answers }: Model) => (1 + answers.reduce((sum, answer) => sum + answer, 0)) / (1 + answers.length)

/** The commonest class of the nearest lessons, of equals that of the nearest. */
function answerOf(lessons: readonly Lesson[], row: Float64Array): number {
  const near = lessons
    .map(({ row: other, label }, at) => ({ label, distance: distanceOf(other, row), at }))
    .sort((a, b) => a.distance - b.distance || a.at - b.at)
    .slice(0, neighbours)
  const counts = near.map(({ label }) => near.filter((other) => other.label === label).length)
  return near[counts.indexOf(Math.max(...counts))]!.label
}
