import { besideRow, type FrameColumn, type RunContext, type Table } from '#contract'
import type { Judged, JudgedClasses } from '../judged-rows.ts'

/** Columns of the table of judged rows. */
export const said = {
  actual: 'actual',
  predicted: 'predicted',
  /** Both in one, so that several cells of the confusion matrix can be chosen. */
  decision: 'actual → predicted',
  score: 'score',
  residual: 'residual',
} as const

/** What became of a class: "no → yes". */
export const decisionWords = (actual: string, predicted: string) => `${actual} → ${predicted}`

const numbers = (name: string, values: Float64Array, rest: Pick<FrameColumn, 'type'> = { type: 'number' }) =>
  ({ name, ...rest, nullable: false, cells: { kind: 'number', values } }) satisfies FrameColumn

/** Classes by their codes, with levels in the order that texts have. */
function classColumn(name: string, codes: Int32Array, classes: readonly string[]): FrameColumn {
  const levels = [...classes].sort((a, b) => (a < b ? -1 : 1))
  const place = classes.map((one) => levels.indexOf(one))
  const cells = { kind: 'text', codes: codes.map((code) => place[code]!), levels } as const
  return { name, type: 'text', nullable: false, cells }
}

/** Of the pairs of classes that occur. */
function decisionColumn(actual: Int32Array, predicted: Int32Array, classes: readonly string[]): FrameColumn {
  const pairs = actual.map((code, row) => code * classes.length + predicted[row]!)
  const occurring = [...new Set(pairs)]
  const words = occurring.map((pair) =>
    decisionWords(classes[Math.floor(pair / classes.length)]!, classes[pair % classes.length]!),
  )
  const place = new Map(occurring.map((pair, at) => [pair, at]))
  return classColumn(
    said.decision,
    Int32Array.from(pairs, (pair) => place.get(pair)!),
    words,
  )
}

function classColumns({ codes, classes }: JudgedClasses, predicted: Int32Array, scores: Float64Array | undefined) {
  return [
    classColumn(said.actual, codes, classes),
    classColumn(said.predicted, predicted, classes),
    decisionColumn(codes, predicted, classes),
    ...(scores ? [numbers(said.score, scores)] : []),
  ]
}

/**
 * What the model says of each judged row, one row a row, so that rows can be chosen by it: their place in the judged table, what
 * is true and what was predicted; of two classes the probability of the positive one, of numbers what is left over.
 */
export function writeJudged(
  judged: Judged,
  found: { readonly predicted: Int32Array; readonly scores?: Float64Array } | undefined,
  context: RunContext,
): Promise<Table> {
  const row = numbers(besideRow, Float64Array.from(judged.places), { type: 'integer' })
  const columns =
    judged.task === 'classes'
      ? classColumns(judged, found!.predicted, found!.scores)
      : [
          numbers(said.actual, judged.values),
          numbers(said.predicted, judged.scores),
          numbers(
            said.residual,
            judged.values.map((value, at) => value - judged.scores[at]!),
          ),
        ]
  return context.tables.write({ rows: judged.places.length, columns: [row, ...columns] })
}
