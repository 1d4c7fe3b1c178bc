/** What tests of explain nodes share: tables with roles and a split, models trained on them, problems caught. */
import type {
  AnyNode,
  Column,
  Frame,
  Hash,
  JsonValue,
  Model,
  PortValue,
  Problem,
  ProblemError,
  RunContext,
  Table,
} from '#contract'
import { columnFrom } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import { loanRoles, sampleLoans } from '#ml/sample/loans'
import example from '../data/example/node.ts'
import split from '../data/split/node.ts'

export type Params = Readonly<Record<string, JsonValue>>

/** Where nodes run: a scratch folder of the compute room. */
interface Place {
  readonly context: RunContext
}

export const hash = (letter: string) => letter.repeat(64) as Hash

const roles: Readonly<Record<string, Column['role']>> = loanRoles

/** Loans with their roles, of which about two fifths are test rows. */
export function splitLoans(rows: number): Frame {
  const sample = sampleLoans({ rows, seed: 2 }).frame
  const random = createRandom(4)
  const part = Array.from({ length: rows }, () => (random.uniform() < 0.4 ? 'test' : 'train'))
  const columns = sample.columns.map((column) => ({
    ...column,
    ...(roles[column.name] && { role: roles[column.name] }),
  }))
  return { rows, columns: [...columns, columnFrom('part', 'text', part, { role: 'split' })] }
}

/** Where texts and pictures stand, and what is predicted of them. */
const looks = { texts: ['message', 'topic'], images: ['picture', 'shape'] } as const

type Inputs = Readonly<Record<string, PortValue>>

async function outputsOf({ context }: Place, node: AnyNode, inputs: Inputs, params: Params) {
  const hashes = Object.fromEntries(Object.keys(inputs).map((port) => [port, hash('a')])) as never
  const made = await node.run({ inputs: inputs as never, hashes, params: node.params.parse(params), context })
  return made as Readonly<Record<string, PortValue>>
}

/** Texts or pictures of which only the text or the picture is a feature, split. */
export async function splitPieces(place: Place, set: keyof typeof looks, rows: number): Promise<Table> {
  const made = (await outputsOf(place, example as AnyNode, {}, { set, rows }))['table'] as Table
  const [feature, target] = looks[set]
  const columns = made.columns.map((column) => {
    if (column.name === target) return { ...column, role: 'target' as const }
    return column.name === feature ? column : { ...column, role: 'label' as const }
  })
  return (await outputsOf(place, split as AnyNode, { table: { ...made, columns } }, {}))['table'] as Table
}

export async function train(
  place: Place,
  learner: AnyNode,
  table: Table,
  params: Params = {},
  more: Inputs = {},
): Promise<Model> {
  return (await outputsOf(place, learner, { table, ...more }, params))['model'] as Model
}

export async function problemsOf(work: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work()
  } catch (error) {
    return (error as ProblemError).problems
  }
  throw new Error('it went through')
}
