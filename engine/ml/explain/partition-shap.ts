import type { Matrix } from '../matrix.ts'
import { explainRows } from './explain-rows.ts'
import type { Contributions } from './linear-shap.ts'
import type { MaskedGame } from './masked-game.ts'
import type { ScoreRows } from './score-rows.ts'

/** Groups within groups of players, as merges of two: numbers from the count of players on are earlier merges. */
export type PlayerTree = readonly (readonly [number, number])[]

export interface PartitionShapOptions {
  /** Coalitions scored a row, each over the whole background; what does not fit is shared evenly within its group. */
  readonly samples?: number
  readonly onProgress?: (fraction: number) => void
}

interface Group {
  readonly players: readonly number[]
  readonly halves?: readonly [Group, Group]
}

/** A group's change in one context: the coalition without it, and its worth without and with it. */
interface Step {
  readonly group: Group
  readonly context: Uint8Array
  readonly without: number
  readonly with: number
  readonly weight: number
}

/**
 * Partition SHAP: Owen values (Owen 1977, Values of games with a priori unions) down a binary tree of features, as
 * shap's PartitionExplainer finds them: a group's effect goes to its halves by each joining first and second. Features
 * that belong together are compared as one before they are told apart, which costs 2^depth coalitions a group instead
 * of 2^M. The values add up to the score less the base whatever the budget.
 */
export function partitionShap(
  score: ScoreRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  tree: PlayerTree,
  { samples = 4_096, onProgress }: PartitionShapOptions = {},
): Promise<Contributions> {
  const root = groupOf(tree, new Set(sources).size)
  const solve = async (game: MaskedGame, _row: number, players: readonly number[]) => {
    // a player without effect changes nobody else's value, so the tree of the others serves
    const place = new Map(players.map((player, k) => [player, k]))
    return { values: await descend(game, among(root, place)!, samples) }
  }
  return explainRows(score, x, background, sources, solve, onProgress)
}

function groupOf(tree: PlayerTree, players: number): Group {
  if (tree.length !== players - 1) throw new RangeError(`a tree of ${players} players has ${players - 1} merges`)
  const groups: Group[] = Array.from({ length: players }, (_, player) => ({ players: [player] }))
  for (const [a, b] of tree) {
    const halves = [groups[a]!, groups[b]!] as const
    groups.push({ players: [...halves[0].players, ...halves[1].players], halves })
  }
  return groups.at(-1)!
}

/** The group of some of its players only, under their new numbers. */
function among(group: Group, place: ReadonlyMap<number, number>): Group | undefined {
  const players = group.players.flatMap((player) => place.get(player) ?? [])
  if (!group.halves) return players.length > 0 ? { players } : undefined
  const [a, b] = [among(group.halves[0], place), among(group.halves[1], place)]
  return a && b ? { players, halves: [a, b] } : (a ?? b)
}

async function descend(game: MaskedGame, root: Group, samples: number): Promise<Float64Array> {
  const values = new Float64Array(game.players)
  let level: Step[] = [
    { group: root, context: new Uint8Array(game.players), without: game.empty, with: game.full, weight: 1 },
  ]
  let left = samples
  while (level.length > 0) {
    const open = level
      .filter(({ group }) => group.halves)
      .sort((a, b) => size(b) - size(a))
      .slice(0, Math.max(0, Math.floor(left / 2)))
    const split = new Set(open)
    for (const step of level)
      if (!split.has(step))
        for (const player of step.group.players)
          values[player]! += (step.weight * (step.with - step.without)) / step.group.players.length
    if (open.length === 0) break
    const worths = await game.worth(halfCoalitions(open, game.players))
    left -= 2 * open.length
    level = open.flatMap((step, at) => halve(step, worths[2 * at]!, worths[2 * at + 1]!))
  }
  return values
}

const size = (step: Step) => Math.abs(step.weight * (step.with - step.without))

const joined = (context: Uint8Array, { players }: Group): Uint8Array => {
  const members = context.slice()
  for (const player of players) members[player] = 1
  return members
}

/** For every step its context with the first half, and with the second. */
function halfCoalitions(steps: readonly Step[], players: number): Uint8Array {
  const members = new Uint8Array(steps.length * 2 * players)
  steps.forEach(({ group, context }, at) => {
    group.halves!.forEach((half, side) => {
      members.set(joined(context, half), (2 * at + side) * players)
    })
  })
  return members
}

/** Each half joins before and after the other, half the weight each. */
function halve({ group, context, ...step }: Step, first: number, second: number): Step[] {
  const [a, b] = group.halves!
  const weight = step.weight / 2
  return [
    { group: a, context, without: step.without, with: first, weight },
    { group: a, context: joined(context, b), without: second, with: step.with, weight },
    { group: b, context, without: step.without, with: second, weight },
    { group: b, context: joined(context, a), without: first, with: step.with, weight },
  ]
}
