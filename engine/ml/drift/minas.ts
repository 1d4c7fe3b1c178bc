import { groupRows } from '../cluster/group-rows.ts'
import { createRandom } from '../random/random.ts'
import { badOption, settle } from './detector.ts'
import { distanceOf, nearestOf } from './nearest-point.ts'
import { checkRow, requireRows, unknownClass } from './novelty-rows.ts'

/**
 * MINAS: classifies a stream without labels, tells rows of no known class, and names new classes made of them
 * (de Faria, de Carvalho & Gama 2016, Data Mining and Knowledge Discovery 30:640, algorithms 1 to 3).
 *
 * A micro-cluster is a summary of its rows (number, mean, squared distances), so its standard deviation is the root mean
 * square distance of its rows from their mean; its radius is `reach` times that. A group of unknown rows is valid where it has
 * `size` rows and a positive simplified silhouette (b - a) / max(a, b): b the distance of its centre from the nearest
 * micro-cluster, a its standard deviation. It extends the nearest class if b is at most the threshold, else it wakes a
 * sleeping micro-cluster that near, else it is a new class. The threshold is `factor` times the standard deviation of
 * that micro-cluster (TV1), or the largest (TV2) or mean (TV3) distance of it from the others of its class, where it
 * has others.
 */
export interface MinasOptions {
  /** Micro-clusters of each class, and groups that unknown rows are put into. */
  readonly clusters: number
  readonly noveltyClusters: number
  readonly reach: number
  readonly threshold: 'deviation' | 'largest' | 'mean'
  readonly factor: number
  /** Unknown rows that start a search for new classes, and rows that a group needs. */
  readonly trigger: number
  readonly size: number
  /** Rows after which unused micro-clusters sleep and unknown rows are forgotten. */
  readonly window: number
  /** True also takes rows that are classified into their micro-cluster's summary, not only their time. */
  readonly learns: boolean
  readonly seed: number
}
const defaults: MinasOptions = {
  clusters: 10,
  noveltyClusters: 5,
  reach: 2,
  threshold: 'deviation',
  factor: 1.1,
  trigger: 60,
  size: 10,
  window: 4_000,
  learns: true,
  seed: 0,
}
const limits = {
  clusters: [1, 1e4],
  noveltyClusters: [1, 1e4],
  reach: [0, 1e6],
  factor: [0, 1e6],
  trigger: [1, 1e6],
  size: [1, 1e6],
  window: [1, 1e12],
} as const

interface MicroCluster {
  label: number
  n: number
  centre: Float64Array
  /** Sum of the squared distances of its rows from their mean. */
  scatter: number
  /** Number of the row it last took. */
  time: number
}

export interface MinasJson {
  readonly options: MinasOptions
  readonly columns: number
  readonly time: number
  readonly labels: number
  readonly searches: number
  readonly model: readonly MicroJson[]
  readonly asleep: readonly MicroJson[]
  readonly unknown: readonly { readonly row: readonly number[]; readonly time: number }[]
}
type MicroJson = Omit<MicroCluster, 'centre'> & { readonly centre: readonly number[] }

export class Minas {
  readonly options: MinasOptions
  #columns: number
  #time = 0
  /** Labels given so far: those of the training rows, then one for each new class. */
  #labels: number
  #searches = 0
  #model: MicroCluster[] = []
  #asleep: MicroCluster[] = []
  #unknown: { row: Float64Array; time: number }[] = []

  private constructor(options: Partial<MinasOptions>, columns: number, labels: number) {
    this.options = settle('minas', defaults, options, limits)
    if (!['deviation', 'largest', 'mean'].includes(this.options.threshold))
      throw badOption('minas', 'threshold', String(this.options.threshold), 'deviation, largest or mean')
    this.#columns = columns
    this.#labels = labels
  }

  /** Learns the known classes: `classOf` holds a code from 0 for each row. */
  static learn(rows: readonly Float64Array[], classOf: ArrayLike<number>, options: Partial<MinasOptions> = {}): Minas {
    const columns = requireRows(rows)
    const labels = 1 + Array.from(classOf).reduce((most, code) => Math.max(most, code), 0)
    const minas = new Minas(options, columns, labels)
    const random = createRandom(minas.options.seed)
    for (const row of rows) checkRow(row, columns)
    for (let label = 0; label < labels; label++) {
      const own = rows.filter((_, i) => classOf[i] === label)
      for (const group of groupRows(own, minas.options.clusters, random.split(`class ${label}`)))
        minas.#model.push(
          summarise(
            group.map((i) => own[i]!),
            label,
            0,
          ),
        )
    }
    return minas
  }

  static fromJson(json: MinasJson): Minas {
    const minas = new Minas(json.options, json.columns, json.labels)
    const micro = (saved: MicroJson): MicroCluster => ({ ...saved, centre: Float64Array.from(saved.centre) })
    minas.#time = json.time
    minas.#searches = json.searches
    minas.#model = json.model.map(micro)
    minas.#asleep = json.asleep.map(micro)
    minas.#unknown = json.unknown.map(({ row, time }) => ({ row: Float64Array.from(row), time }))
    return minas
  }

  toJson(): MinasJson {
    const micro = (cluster: MicroCluster): MicroJson => ({ ...cluster, centre: Array.from(cluster.centre) })
    return {
      options: this.options,
      columns: this.#columns,
      time: this.#time,
      labels: this.#labels,
      searches: this.#searches,
      model: this.#model.map(micro),
      asleep: this.#asleep.map(micro),
      unknown: this.#unknown.map(({ row, time }) => ({ row: Array.from(row), time })),
    }
  }

  /** Number of classes known so far; the new ones have the codes behind those of the training rows. */
  get classes(): number {
    return this.#labels
  }

  /** Takes the next row and gives its class, or -1 where no class explains it. */
  update(row: Float64Array): number {
    checkRow(row, this.#columns)
    this.#time += 1
    const label = this.#classify(row)
    if (this.#time % this.options.window === 0) this.#forget()
    return label
  }

  #classify(row: Float64Array): number {
    const { index, distance } = nearestOf(row, this.#model.map(centreOf))
    const micro = this.#model[index]!
    if (distance <= this.options.reach * deviationOf(micro)) {
      micro.time = this.#time
      if (this.options.learns) include(micro, row)
      return micro.label
    }
    this.#unknown.push({ row: row.slice(), time: this.#time })
    if (this.#unknown.length >= this.options.trigger) this.#search()
    return unknownClass
  }

  #search(): void {
    const rows = this.#unknown.map(({ row }) => row)
    const random = createRandom(this.options.seed)
      .split('search')
      .split(this.#searches++)
    const explained = new Set<number>()
    for (const group of groupRows(rows, this.options.noveltyClusters, random)) {
      const micro = summarise(
        group.map((i) => rows[i]!),
        unknownClass,
        this.#time,
      )
      if (!this.#isValid(micro)) continue
      micro.label = this.#labelFor(micro)
      this.#model.push(micro)
      for (const i of group) explained.add(i)
    }
    if (explained.size > 0) this.#unknown = this.#unknown.filter((_, i) => !explained.has(i))
  }

  #isValid(micro: MicroCluster): boolean {
    const apart = nearestOf(centreOf(micro), this.#model.map(centreOf)).distance
    return micro.n >= this.options.size && apart > deviationOf(micro)
  }

  #labelFor(micro: MicroCluster): number {
    const centre = centreOf(micro)
    const known = nearestOf(centre, this.#model.map(centreOf))
    if (known.distance <= this.#threshold(this.#model[known.index]!, this.#model))
      return this.#model[known.index]!.label
    const sleeping = nearestOf(centre, this.#asleep.map(centreOf))
    const awoken = this.#asleep[sleeping.index]
    if (!awoken || sleeping.distance > this.#threshold(awoken, this.#asleep)) return this.#labels++
    this.#asleep.splice(sleeping.index, 1)
    awoken.time = this.#time
    this.#model.push(awoken)
    return awoken.label
  }

  #threshold(micro: MicroCluster, among: readonly MicroCluster[]): number {
    const { threshold, factor } = this.options
    const distances = among
      .filter((other) => other !== micro && other.label === micro.label)
      .map((other) => distanceOf(centreOf(micro), centreOf(other)))
    if (threshold === 'deviation' || distances.length === 0) return factor * deviationOf(micro)
    if (threshold === 'largest') return factor * Math.max(...distances)
    return (factor * distances.reduce((sum, distance) => sum + distance, 0)) / distances.length
  }

  /** Micro-clusters unused for a window sleep, but never all of them; unknown rows older than a window go. */
  #forget(): void {
    const since = this.#time - this.options.window
    const used = this.#model.filter(({ time }) => time > since)
    if (used.length > 0) {
      this.#asleep.push(...this.#model.filter(({ time }) => time <= since))
      this.#model = used
    }
    this.#unknown = this.#unknown.filter(({ time }) => time > since)
  }
}

function summarise(rows: readonly Float64Array[], label: number, time: number): MicroCluster {
  const micro = { label, n: 0, centre: new Float64Array(rows[0]!.length), scatter: 0, time }
  for (const row of rows) include(micro, row)
  return micro
}

/** Welford's update, which loses no digits where columns are far from zero. */
function include(micro: MicroCluster, row: Float64Array): void {
  micro.n += 1
  for (let j = 0; j < row.length; j++) {
    const gap = row[j]! - micro.centre[j]!
    micro.centre[j]! += gap / micro.n
    micro.scatter += gap * (row[j]! - micro.centre[j]!)
  }
}

const centreOf = ({ centre }: MicroCluster) => centre
const deviationOf = ({ n, scatter }: MicroCluster) => Math.sqrt(scatter / n)
