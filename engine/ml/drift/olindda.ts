import { groupRows } from '../cluster/group-rows.ts'
import { createRandom } from '../random/random.ts'
import { settle } from './detector.ts'
import { distanceOf } from './nearest-point.ts'
import { checkRow, requireRows, unknownClass } from './novelty-rows.ts'
import { type Sphere, type SphereJson, sphereFromJson, sphereOf, sphereToJson } from './spheres.ts'

/**
 * OLINDDA: learns what is normal, then tells rows that are not, and makes concepts of those that come in groups (Spinosa,
 * de Carvalho & Gama 2007, SAC, 448; 2009, Intelligent Data Analysis 13:405).
 *
 * The normal model is the spheres around the means of k-means groups, each up to its farthest row. A row in no sphere is
 * unknown and kept. Groups of unknown rows are valid where they have `size` rows and the mean distance from their mean is
 * at most the largest of a normal group. A valid group extends the normal concept (answer 1) where its mean lies no
 * farther from the mean of the normal rows than the mean of the farthest normal group does; else it is a novelty (from 2
 * on). Novelties whose spheres touch are one concept, which has the lower number.
 *
 * The text of the papers was not to be had; this follows their abstracts, what MINAS (2016) tells of the validation, and
 * notes of others. Decided here: a search at every `pause`-th unknown row once there are `size`; the number of groups
 * grows by one where no group was dense enough and shrinks by one where those that were had too few rows; a row in several
 * spheres is of the one with the nearest centre.
 */
export interface OlinddaOptions {
  /** Groups of the normal rows. */
  readonly clusters: number
  /** Groups that unknown rows are first put into. */
  readonly candidates: number
  /** Rows that a group needs. */
  readonly size: number
  /** Unknown rows between two searches. */
  readonly pause: number
  /** Unknown rows that are kept; beyond, the oldest goes. */
  readonly memory: number
  readonly seed: number
}
const defaults: OlinddaOptions = { clusters: 10, candidates: 5, size: 20, pause: 10, memory: 200, seed: 0 }
const limits = {
  clusters: [1, 1e4],
  candidates: [1, 1e4],
  size: [2, 1e6],
  pause: [1, 1e6],
  memory: [2, 1e6],
} as const

/** 0 the normal concept, 1 its extension, 2 and up novelties. */
type Concept = Sphere & { readonly label: number }

export interface OlinddaJson {
  readonly options: OlinddaOptions
  readonly spheres: readonly (SphereJson & { readonly label: number })[]
  readonly centre: readonly number[]
  readonly unknown: readonly (readonly number[])[]
  readonly candidates: number
  readonly since: number
  readonly searches: number
  readonly concepts: number
}

export class Olindda {
  readonly options: OlinddaOptions
  #spheres: Concept[] = []
  /** The mean of the normal rows. */
  #centre = new Float64Array(0)
  #unknown: Float64Array[] = []
  #candidates: number
  #since = 0
  #searches = 0
  #concepts = 2

  private constructor(options: Partial<OlinddaOptions>) {
    this.options = settle('olindda', defaults, options, limits)
    this.#candidates = this.options.candidates
  }

  /** Learns the normal concept from its rows. */
  static learn(rows: readonly Float64Array[], options: Partial<OlinddaOptions> = {}): Olindda {
    const columns = requireRows(rows)
    for (const row of rows) checkRow(row, columns)
    const olindda = new Olindda(options)
    const random = createRandom(olindda.options.seed).split('normal')
    olindda.#spheres = groupRows(rows, olindda.options.clusters, random).map((group) => ({
      ...sphereOf(group.map((i) => rows[i]!)),
      label: 0,
    }))
    olindda.#centre = Float64Array.from(sphereOf(rows).centre)
    return olindda
  }

  static fromJson(json: OlinddaJson): Olindda {
    const olindda = new Olindda(json.options)
    olindda.#spheres = json.spheres.map(sphereFromJson)
    olindda.#centre = Float64Array.from(json.centre)
    olindda.#unknown = json.unknown.map((row) => Float64Array.from(row))
    olindda.#candidates = json.candidates
    olindda.#since = json.since
    olindda.#searches = json.searches
    olindda.#concepts = json.concepts
    return olindda
  }

  toJson(): OlinddaJson {
    return {
      options: this.options,
      spheres: this.#spheres.map(sphereToJson),
      centre: Array.from(this.#centre),
      unknown: this.#unknown.map((row) => Array.from(row)),
      candidates: this.#candidates,
      since: this.#since,
      searches: this.#searches,
      concepts: this.#concepts,
    }
  }

  /** Takes the next row: 0 normal, 1 an extension of it, 2 and up a novelty, -1 unknown. */
  update(row: Float64Array): number {
    checkRow(row, this.#centre.length)
    const held = this.#holding(row)
    if (held) return held.label
    this.#unknown.push(row.slice())
    if (this.#unknown.length > this.options.memory) this.#unknown.shift()
    this.#since += 1
    if (this.#unknown.length >= this.options.size && this.#since >= this.options.pause) this.#search()
    return unknownClass
  }

  #holding(row: Float64Array): Concept | undefined {
    let found: Concept | undefined
    let nearest = Number.POSITIVE_INFINITY
    for (const sphere of this.#spheres) {
      const distance = distanceOf(row, sphere.centre)
      if (distance > sphere.radius || distance >= nearest) continue
      nearest = distance
      found = sphere
    }
    return found
  }

  #search(): void {
    this.#since = 0
    const rows = this.#unknown
    const random = createRandom(this.options.seed)
      .split('search')
      .split(this.#searches++)
    const normal = this.#spheres.filter(({ label }) => label === 0)
    const loosest = Math.max(...normal.map(({ mean }) => mean))
    const groups = groupRows(rows, this.#candidates, random).map((members) => ({
      members,
      sphere: sphereOf(members.map((i) => rows[i]!)),
    }))
    const dense = groups.filter(({ sphere }) => sphere.mean <= loosest)
    const valid = dense.filter(({ sphere }) => sphere.n >= this.options.size)
    if (dense.length === 0) this.#candidates = Math.min(this.#candidates + 1, rows.length)
    else if (valid.length === 0) this.#candidates = Math.max(this.#candidates - 1, 1)
    const reach = Math.max(...normal.map(({ centre }) => distanceOf(centre, this.#centre)))
    for (const { sphere } of valid)
      if (distanceOf(sphere.centre, this.#centre) <= reach) this.#spheres.push({ ...sphere, label: 1 })
      else this.#addNovelty(sphere)
    const explained = new Set(valid.flatMap(({ members }) => members))
    if (explained.size > 0) this.#unknown = rows.filter((_, i) => !explained.has(i))
  }

  /** Joins the novelties it touches into the one with the lowest number, or begins a new one. */
  #addNovelty(sphere: Sphere): void {
    const touched = this.#spheres.filter(
      (other) => other.label > 1 && distanceOf(other.centre, sphere.centre) <= other.radius + sphere.radius,
    )
    const joined = new Set(touched.map(({ label }) => label))
    const label = joined.size > 0 ? Math.min(...joined) : this.#concepts++
    this.#spheres = this.#spheres.map((other) => (joined.has(other.label) ? { ...other, label } : other))
    this.#spheres.push({ ...sphere, label })
  }
}
