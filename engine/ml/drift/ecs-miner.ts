import { ProblemError } from '#contract'
import { groupRows } from '../cluster/group-rows.ts'
import { createRandom, type Random } from '../random/random.ts'
import { settle } from './detector.ts'
import { distanceOf } from './nearest-point.ts'
import { nearnessGain } from './nearness-gain.ts'
import { checkRow, requireRows, unknownClass } from './novelty-rows.ts'
import { type Sphere, type SphereJson, sphereFromJson, sphereOf, sphereToJson } from './spheres.ts'

/**
 * ECSMiner: an ensemble that classifies a stream, keeps rows that none of its members explains, and says when they are
 * a novel class (Masud, Gao, Khan, Han & Thuraisingham 2011, IEEE Transactions on Knowledge and Data Engineering 23:859,
 * algorithms 1 to 3; the variant for nearest neighbours). A member is the spheres that k-means makes of a chunk of labelled
 * rows, each up to its farthest row and of its commonest class; spheres of fewer than three rows are dropped.
 *
 * A row outside every sphere of every member is an outlier and kept, until it is as old as a chunk is long, is inside a sphere,
 * or its label is known to a member. Where more than `least` are kept and the last search is at least that long ago, k-means groups
 * them; where in every member more than `least` rows are in groups whose `nearnessGain` is above 0, the groups that
 * all members say this of are a novel class. With labels (`teach`), each full chunk makes a new member; of too many the
 * one that is worst on that chunk goes. Without labels (MINAS 2016 calls it ECSMiner-WF) each novel group is a
 * sphere that answers with a code of its own, and reaches at least as far as known ones do on average.
 *
 * The text was not to be had but as quoted and in streamndr's code. As there, a member that never saw the class a younger one
 * answers, and to which the row is an outlier, has no vote. Decided here: equal votes go to the youngest
 * member's answer; the newest member always stays.
 */
export interface EcsMinerOptions {
  /** Members of the ensemble, and spheres of each. */
  readonly members: number
  readonly clusters: number
  /** q: neighbours that are looked at. */
  readonly neighbours: number
  /** Outliers that a novel class needs at least, and rows between two searches. */
  readonly least: number
  /** Rows after which a label no longer counts; their rows are kept that long. */
  readonly patience: number
  readonly seed: number
}
const defaults: EcsMinerOptions = { members: 6, clusters: 50, neighbours: 50, least: 50, patience: 1_000, seed: 0 }
const limits = {
  members: [1, 1e3],
  clusters: [1, 1e4],
  neighbours: [1, 1e6],
  least: [1, 1e6],
  patience: [0, 1e7],
} as const

type Labelled = Sphere & { readonly label: number }
type LabelledJson = SphereJson & { readonly label: number }
interface Member {
  readonly spheres: readonly Labelled[]
  /** Classes of its chunk, dropped spheres' too. */
  readonly classes: readonly number[]
}

/** What the miner says of a row: its class or -1, and which rows, by their numbers from 0, it now says are of a novel class. */
export interface Mined {
  readonly label: number
  readonly novel: readonly number[]
}

export interface EcsMinerJson {
  readonly options: EcsMinerOptions
  readonly columns: number
  readonly chunk: number
  readonly time: number
  readonly labels: number
  readonly searched: number
  readonly members: readonly { readonly spheres: readonly LabelledJson[]; readonly classes: readonly number[] }[]
  readonly novelties: readonly LabelledJson[]
  readonly outliers: readonly SavedRow[]
  readonly waiting: readonly SavedRow[]
  readonly taught: readonly { readonly row: readonly number[]; readonly label: number }[]
  readonly made: number
}
interface SavedRow {
  readonly time: number
  readonly row: readonly number[]
}
interface TimedRow {
  readonly time: number
  readonly row: Float64Array
}

const inside = (spheres: readonly Sphere[], row: Float64Array) =>
  spheres.some(({ centre, radius }) => distanceOf(centre, row) <= radius)

export class EcsMiner {
  readonly options: EcsMinerOptions
  #columns = 0
  #chunk = 0
  #time = 0
  /** The code after the highest that is known. */
  #labels = 0
  #searched = 0
  #members: Member[] = []
  #novelties: Labelled[] = []
  #outliers: TimedRow[] = []
  /** Rows whose label may still come. */
  #waiting: TimedRow[] = []
  #taught: { row: Float64Array; label: number }[] = []
  #made = 0

  private constructor(options: Partial<EcsMinerOptions>) {
    this.options = settle('ecs-miner', defaults, options, limits)
  }

  /** Learns the known classes, a code from 0 for each row, in as many chunks as there shall be members. */
  static learn(
    rows: readonly Float64Array[],
    classOf: ArrayLike<number>,
    options: Partial<EcsMinerOptions> = {},
  ): EcsMiner {
    const miner = new EcsMiner(options)
    miner.#columns = requireRows(rows)
    for (const row of rows) checkRow(row, miner.#columns)
    miner.#chunk = Math.ceil(rows.length / miner.options.members)
    for (let from = 0; from < rows.length; from += miner.#chunk) {
      const own = rows.slice(from, from + miner.#chunk)
      miner.#members.push(miner.#member(own.map((row, i) => ({ row, label: classOf[from + i]! }))))
    }
    miner.#labels = 1 + Array.from(classOf).reduce((most, code) => Math.max(most, code), 0)
    return miner
  }

  static fromJson(json: EcsMinerJson): EcsMiner {
    const miner = new EcsMiner(json.options)
    const timed = ({ time, row }: SavedRow) => ({ time, row: Float64Array.from(row) })
    miner.#columns = json.columns
    miner.#chunk = json.chunk
    miner.#time = json.time
    miner.#labels = json.labels
    miner.#searched = json.searched
    miner.#members = json.members.map(({ spheres, classes }) => ({ spheres: spheres.map(sphereFromJson), classes }))
    miner.#novelties = json.novelties.map(sphereFromJson)
    miner.#outliers = json.outliers.map(timed)
    miner.#waiting = json.waiting.map(timed)
    miner.#taught = json.taught.map(({ row, label }) => ({ row: Float64Array.from(row), label }))
    miner.#made = json.made
    return miner
  }

  toJson(): EcsMinerJson {
    const saved = ({ time, row }: TimedRow) => ({ time, row: Array.from(row) })
    return {
      options: this.options,
      columns: this.#columns,
      chunk: this.#chunk,
      time: this.#time,
      labels: this.#labels,
      searched: this.#searched,
      members: this.#members.map(({ spheres, classes }) => ({ spheres: spheres.map(sphereToJson), classes })),
      novelties: this.#novelties.map(sphereToJson),
      outliers: this.#outliers.map(saved),
      waiting: this.#waiting.map(saved),
      taught: this.#taught.map(({ row, label }) => ({ row: Array.from(row), label })),
      made: this.#made,
    }
  }

  /** Takes the next row. */
  update(row: Float64Array): Mined {
    checkRow(row, this.#columns)
    const time = this.#time++
    const { patience } = this.options
    if (patience > 0) this.#waiting.push({ time, row: row.slice() })
    if (this.#waiting.length > patience) this.#waiting.shift()
    this.#outliers = this.#outliers.filter((outlier) => time - outlier.time <= this.#chunk)
    if (this.#members.some(({ spheres }) => inside(spheres, row))) return { label: this.#vote(row), novel: [] }
    const novelty = nearestSphere(this.#novelties, row)
    if (novelty && distanceOf(novelty.centre, row) <= novelty.radius) return { label: novelty.label, novel: [] }
    this.#outliers.push({ time, row: row.slice() })
    const { least } = this.options
    const due = this.#outliers.length > least && this.#time - this.#searched >= least
    return { label: unknownClass, novel: due ? this.#search() : [] }
  }

  /** Tells the class of the row with that number from the stream's start; later than `patience` rows it is no use. */
  teach(number: number, label: number): void {
    if (!(Number.isInteger(label) && label >= 0))
      throw new ProblemError({
        code: 'data-bad',
        message: `Novelty detection was taught the class ${label}.`,
        fix: 'Give classes as whole numbers from 0.',
      })
    const at = this.#waiting.findIndex(({ time }) => time === number)
    if (at < 0) return
    const [{ row }] = this.#waiting.splice(at, 1) as [TimedRow]
    this.#labels = Math.max(this.#labels, label + 1)
    if (this.#members.some(({ classes }) => classes.includes(label)))
      this.#outliers = this.#outliers.filter(({ time }) => time !== number)
    this.#taught.push({ row, label })
    if (this.#taught.length >= this.#chunk) this.#renew()
  }

  #member(taught: readonly { row: Float64Array; label: number }[]): Member {
    const rows = taught.map(({ row }) => row)
    const spheres = groupRows(rows, this.options.clusters, this.#random('member', this.#made++))
      .filter((group) => group.length >= 3)
      .map((group) => ({
        ...sphereOf(group.map((i) => rows[i]!)),
        label: commonest(group.map((i) => taught[i]!.label)),
      }))
    return { spheres, classes: [...new Set(taught.map(({ label }) => label))].sort((a, b) => a - b) }
  }

  #random(purpose: string, number: number): Random {
    return createRandom(this.options.seed).split(purpose).split(number)
  }

  /** The class most members answer with. */
  #vote(row: Float64Array): number {
    const answers = this.#members.map(({ spheres }) => nearestSphere(spheres, row)?.label ?? unknownClass)
    const silent = this.#members.map(
      ({ spheres, classes }, at) =>
        answers.slice(at + 1).some((label) => label >= 0 && !classes.includes(label)) && !inside(spheres, row),
    )
    const votes = answers.filter((label, at) => label >= 0 && !silent[at]).reverse()
    return votes.length > 0 ? commonest(votes) : unknownClass
  }

  /** Numbers of the outliers that are of a novel class; they are no longer kept. */
  #search(): number[] {
    this.#searched = this.#time
    const kept = this.#outliers
    const { clusters, neighbours, least } = this.options
    const count = Math.max(clusters, Math.round((clusters * kept.length) / this.#chunk))
    const random = this.#random('search', this.#time)
    const groups = groupRows(
      kept.map(({ row }) => row),
      count,
      random,
    )
    const spheres = groups.map((group) => sphereOf(group.map((i) => kept[i]!.row)))
    let all = spheres.map(() => true)
    for (const member of this.#members) {
      const far = spheres.map((_, at) => nearnessGain(spheres, at, member.spheres, neighbours) > 0)
      const rows = spheres.reduce((sum, { n }, at) => sum + (far[at] ? n : 0), 0)
      if (rows <= least) return []
      all = all.map((still, at) => still && far[at]!)
    }
    const novel = groups.filter((_, at) => all[at]).flat()
    if (novel.length === 0) return []
    if (this.options.patience === 0) this.#name(spheres.filter((_, at) => all[at]))
    this.#outliers = kept.filter((_, i) => !novel.includes(i))
    return novel.map((i) => kept[i]!.time).sort((a, b) => a - b)
  }

  /** Without labels: the groups of one search are one class, but for those whose centre a known novelty holds. */
  #name(spheres: readonly Sphere[]): void {
    const radii = this.#members.flatMap((member) => member.spheres.map(({ radius }) => radius))
    const least = radii.length > 0 ? radii.reduce((sum, radius) => sum + radius, 0) / radii.length : 0
    const wide = spheres.map((sphere) => ({ ...sphere, radius: Math.max(least, sphere.radius) }))
    const fresh = wide.map((sphere) => ({ sphere, known: nearestSphere(this.#novelties, sphere.centre) }))
    const code = this.#labels
    for (const { sphere, known } of fresh) {
      const near = known && distanceOf(known.centre, sphere.centre) <= known.radius + sphere.radius
      this.#novelties.push({ ...sphere, label: near ? known.label : code })
      if (!near) this.#labels = code + 1
    }
  }

  #renew(): void {
    const chunk = this.#taught
    this.#taught = []
    this.#members.push(this.#member(chunk))
    if (this.#members.length <= this.options.members) return
    const older = this.#members.slice(0, -1)
    const right = older.map(
      ({ spheres }) => chunk.filter(({ row, label }) => nearestSphere(spheres, row)?.label === label).length,
    )
    this.#members.splice(right.indexOf(Math.min(...right)), 1)
  }
}

function nearestSphere(spheres: readonly Labelled[], row: Float64Array): Labelled | undefined {
  let found: Labelled | undefined
  let nearest = Number.POSITIVE_INFINITY
  for (const sphere of spheres) {
    const distance = distanceOf(sphere.centre, row)
    if (distance >= nearest) continue
    nearest = distance
    found = sphere
  }
  return found
}

/** The most frequent; of equals the one that comes first. */
function commonest(labels: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return labels.find((label) => counts.get(label) === most)!
}
