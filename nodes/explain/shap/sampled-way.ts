import type { Frame, Model, RunContext } from '#contract'
import { codeRows, decodeRows } from '#ml/explain/coded-rows'
import { kernelShap } from '#ml/explain/kernel-shap'
import type { Contributions } from '#ml/explain/linear-shap'
import { type PlayerTree, partitionShap } from '#ml/explain/partition-shap'
import { permutationShap } from '#ml/explain/permutation-shap'
import { playerTree } from '#ml/explain/player-tree'
import type { ScoreRows } from '#ml/explain/score-rows'
import { type Matrix, matrix } from '#ml/matrix'
import type { Way, WayPlan } from './way.ts'

export type SampledMethod = 'kernel' | 'permutation' | 'partition'

/** All outputs of a model, row-major. */
type ScoreAll = (rows: Matrix) => Promise<Float64Array>

/**
 * The same coalitions for every output: what the model said of a batch the first time is read again for the others, so
 * that several classes cost as much as one. Batches come in the same order, since the draws depend on the seed alone.
 */
function oneOutputAtATime(score: ScoreAll, width: number) {
  const said: Float64Array[] = []
  return (output: number): ScoreRows => {
    let batch = 0
    return async (rows) => {
      const at = batch++
      said[at] ??= await score(rows)
      return said[at].filter((_, place) => place % width === output)
    }
  }
}

export interface SampledGame {
  readonly score: ScoreAll
  readonly width: number
  readonly background: Matrix
  readonly players: readonly string[]
  readonly tree: PlayerTree
  readonly seed: string
}

/** Contributions of one row to each of the outputs asked for. */
export async function sampledRow(
  method: SampledMethod,
  { score, width, background, players, tree, seed }: SampledGame,
  row: Matrix,
  outputs: readonly number[],
  { samples, rounds }: WayPlan,
): Promise<readonly Contributions[]> {
  const of = oneOutputAtATime(score, width)
  const found: Contributions[] = []
  for (const output of outputs) {
    const scoreOne = method === 'partition' ? pickOutput(score, width, output) : of(output)
    if (method === 'kernel') found.push(await kernelShap(scoreOne, row, background, players, { samples, seed }))
    else if (method === 'permutation')
      found.push(await permutationShap(scoreOne, row, background, players, { rounds, seed }))
    else found.push(await partitionShap(scoreOne, row, background, players, tree, { samples }))
  }
  return found
}

/** Partition SHAP goes where an output moves most, so each output has coalitions of its own. */
const pickOutput =
  (score: ScoreAll, width: number, output: number): ScoreRows =>
  async (rows) =>
    (await score(rows)).filter((_, place) => place % width === output)

/** Rows of each as one set of contributions, in their order. */
export function stackRows(rows: readonly Contributions[]): Contributions {
  const { features = [], base = 0 } = rows[0] ?? {}
  const stack = (of: (row: Contributions) => Float64Array) => {
    const all = new Float64Array(rows.length * features.length)
    rows.forEach((row, at) => {
      all.set(of(row), at * features.length)
    })
    return all
  }
  const drawn = rows.some(({ errors }) => errors)
  return {
    base,
    features,
    values: stack(({ values }) => values),
    ...(drawn && { errors: stack(({ errors }) => errors ?? new Float64Array(features.length)) }),
  }
}

/** What was drawn for a row, in words. */
export const drawnWords = (method: SampledMethod, players: number, { samples, rounds }: WayPlan): string => {
  if (method === 'permutation') return `${2 * rounds} orders a row`
  const every = method === 'kernel' && 2 ** players <= Math.max(2 * players, samples)
  return every ? 'every coalition' : `${samples} coalitions a row`
}

/** Any model by its scores on raw columns, each column one player; rows come from the same frame as the background. */
export function sampledWay(
  model: Model,
  method: SampledMethod,
  background: Frame,
  plan: WayPlan,
  context: RunContext,
): Way {
  const players = model.features.map(({ name }) => name)
  const width = model.classes?.length ?? 1
  return {
    link: 'shares',
    margins: width,
    background: background.rows,
    drawn: drawnWords(method, players.length, plan),
    async explain(frame, outputs, onProgress) {
      const [others, coded] = [codeRows(background, players), codeRows(frame, players)]
      const score = async (rows: Matrix) => {
        context.signal.throwIfAborted()
        return (await context.models.score(model, decodeRows(rows, frame, players))).values
      }
      const shared = { score, width, background: others, players, tree: playerTree(others, players) }
      const found: (readonly Contributions[])[] = []
      for (let at = 0; at < frame.rows; at++) {
        const row = matrix(1, coded.columns, coded.values.subarray(at * coded.columns, (at + 1) * coded.columns))
        found.push(await sampledRow(method, { ...shared, seed: `${context.seed}/${at}` }, row, outputs, plan))
        onProgress((at + 1) / frame.rows)
      }
      return {
        outputs: outputs.map((_, place) => stackRows(found.map((row) => row[place]!))),
        margins: (await context.models.score(model, frame)).values,
      }
    },
  }
}
