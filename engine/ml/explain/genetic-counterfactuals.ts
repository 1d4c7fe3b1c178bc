import type { Matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import {
  admit,
  type ChangeRule,
  type Counterfactual,
  changeCost,
  changedColumns,
  shortage,
  stack,
  type WantedScore,
} from './change-rules.ts'
import { rowOf, type ScoreRows, scoreAll } from './score-rows.ts'
import { tightenChange } from './tighten-change.ts'

export interface GeneticOptions {
  /** Counterfactuals wanted at most, each changing another set of columns. */
  readonly count?: number
  readonly population?: number
  readonly generations?: number
  /** What changing one more column costs, in steps. */
  readonly sparsity?: number
  readonly seed?: number | string
  readonly onProgress?: (fraction: number) => void
}

interface Candidate {
  readonly row: Float64Array
  readonly short: number
  readonly cost: number
}

/**
 * Counterfactuals by a genetic search (Sharma, Henderson & Ghosh 2020, CERTIFAI, AIES; Schleich et al. 2021, GeCo,
 * PVLDB 14:1681): candidates start from people of the table with as few of their columns as possible and from random
 * changes, are crossed and mutated, and judged first by how far their score is from the wanted one, then by the cost of
 * their changes plus `sparsity` a column. Every candidate keeps the rules; each returned is tightened. Cheapest first;
 * none where the search found none.
 */
export async function geneticCounterfactuals(
  score: ScoreRows,
  rules: readonly ChangeRule[],
  row: Float64Array,
  wanted: WantedScore,
  table: Matrix,
  { count = 3, population = 120, generations = 40, sparsity = 0.5, seed = 0, onProgress }: GeneticOptions = {},
): Promise<Counterfactual[]> {
  const random = createRandom(seed).split('genetic-counterfactuals')
  const judge = async (rows: readonly Float64Array[]): Promise<Candidate[]> => {
    const scores = await scoreAll(score, stack(rows))
    return rows.map((candidate, at) => ({
      row: candidate,
      short: shortage(wanted, scores[at]!),
      cost: changeCost(rules, row, candidate) + sparsity * changedColumns(row, candidate).length,
    }))
  }
  const breed = breeder(rules, row, table, random)
  let living = await judge(Array.from({ length: population }, () => breed.mutate(breed.founder())))
  for (let generation = 0; generation < generations; generation++) {
    const parents = survivors(living, Math.ceil(population / 2))
    const pick = () => parents[random.integer(parents.length)]!.row
    const children = Array.from({ length: population }, () => breed.mutate(breed.cross(pick(), pick())))
    living = [...parents, ...(await judge(children))]
    onProgress?.((generation + 1) / generations)
  }
  const reached = living.filter(({ short }) => short === 0)
  const found: Counterfactual[] = []
  for (const candidate of distinct(row, survivors(reached, reached.length)).slice(0, count * 3))
    found.push(await tightenChange(score, rules, row, candidate.row, wanted))
  return distinct(
    row,
    found.sort((a, b) => a.cost - b.cost),
  ).slice(0, count)
}

const survivors = (candidates: readonly Candidate[], count: number) =>
  candidates.toSorted((a, b) => (a.short === b.short ? a.cost - b.cost : a.short - b.short)).slice(0, count)

/** The first of each set of changed columns. */
function distinct<Changed extends { readonly row: Float64Array }>(
  from: Float64Array,
  list: readonly Changed[],
): Changed[] {
  const seen = new Set<string>()
  return list.filter(({ row }) => {
    const columns = changedColumns(from, row).join()
    if (seen.has(columns)) return false
    seen.add(columns)
    return true
  })
}

function breeder(rules: readonly ChangeRule[], row: Float64Array, table: Matrix, random: Random) {
  const chance = Math.min(0.5, 1.5 / rules.length)
  const changeCell = (rule: ChangeRule, from: number, now: number): number => {
    if (random.uniform() < 0.3) return from
    if (rule.levels) return admit(rule, from, rule.levels[random.integer(rule.levels.length)]!)
    const wide = random.uniform() < 0.2 ? (rule.high - rule.low) / 2 : rule.scale * 2 ** (-3 * random.uniform())
    return admit(rule, from, now + wide * random.normal())
  }
  return {
    /** The row with some of another person's cells. */
    founder(): Float64Array {
      if (table.rows === 0) return row.slice()
      const other = rowOf(table, random.integer(table.rows))
      const share = random.uniform()
      return row.map((from, j) => (random.uniform() < share ? admit(rules[j]!, from, other[j]!) : from))
    },
    cross: (a: Float64Array, b: Float64Array): Float64Array =>
      a.map((cell, j) => (random.uniform() < 0.5 ? cell : b[j]!)),
    mutate: (candidate: Float64Array): Float64Array =>
      candidate.map((now, j) => (random.uniform() < chance ? changeCell(rules[j]!, row[j]!, now) : now)),
  }
}
