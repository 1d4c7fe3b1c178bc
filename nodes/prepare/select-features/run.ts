import { type Evaluation, type Hash, ProblemError, type RunContext, type Selection, type Table } from '#contract'
import { columnOf } from '#ml/frame'
import { featuresFor, isProblem, targetColumn } from '#ml/roles'
import type { LearnerRows } from '../../train/learner.ts'
import { readClassRows, readNumberRows } from '../../train/learning-rows.ts'
import { noFeatures, taskKind } from '../../train/linear/infer.ts'
import { kindWord } from '../../train/train-with.ts'
import { scoreLabels, takeBest } from './best.ts'
import { featuresFrame } from './features-table.ts'
import { beatShadows, eliminate, type Forests, littleImportance, openForests, type Ranked } from './forests.ts'
import { mostlyMissing, nearlyConstant, numberTwins, textTwins } from './funnel.ts'
import type { SelectParams } from './params.ts'
import { openSieve, type Sieve } from './selection.ts'

interface SelectRun {
  readonly inputs: { readonly table: Table }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: SelectParams
  readonly context: RunContext
}

/** The steps in order; each sees only what those before it left. */
export async function selectFeatures({ inputs: { table }, hashes, params, context }: SelectRun) {
  const target = targetColumn(table.columns, params.target)
  if (isProblem(target)) throw new ProblemError(target)
  const candidates = featuresFor(table.columns, target)
  if (candidates.length === 0) throw new ProblemError(noFeatures)
  const opinions = params.consult ? context.opinions : []
  const names = candidates.map(({ name }) => name)
  const sieve = openSieve(names, params.always, opinions)
  context.progress(0, 'counting')
  if (params.funnel && params.mostMissing < 1)
    sieve.take('Mostly missing', await mostlyMissing(table, candidates, params.mostMissing, context))
  if (sieve.features.length === 0) throw nothingLeft(names.length)
  context.progress(0.1, 'reading')
  const left = new Set(sieve.features)
  const columns = table.columns.filter(({ name }) => left.has(name) || !names.includes(name))
  const source = { table: { ...table, columns }, preparation: undefined, target: params.target }
  const classes = taskKind({ kind: kindWord(params.kind) }, target) === 'logistic'
  const rows = await (classes ? readClassRows(source, context) : readNumberRows(source, context))
  if (params.funnel) await takeFunnel(rows, sieve, params, context)
  const scored = await rank(rows, sieve, params, context)
  if (sieve.features.length === 0) throw nothingLeft(names.length)
  const selection = sieve.selection(target.name, scored.scores, scored.label)
  const features = await context.tables.write(featuresFrame(selection, names))
  context.progress(1)
  return { table: withRoles(table, selection), selection: asEvaluation(selection, table, hashes.table, rows), features }
}

async function takeFunnel(rows: LearnerRows, sieve: Sieve, params: SelectParams, context: RunContext): Promise<void> {
  const columns = sieve.features.map((name) => columnOf(rows.frame, name))
  if (params.nearZero) sieve.take('Near-zero variance', nearlyConstant(columns, rows, params))
  context.progress(0.2, 'twins')
  if (params.numberTwins > 0)
    sieve.take('Twins among numbers', await numberTwins(rows, sieve, params.numberTwins, context))
  context.progress(0.3)
  if (params.categoryTwins > 0) sieve.take('Twins among categories', textTwins(rows, sieve, params))
  context.progress(0.4)
}

interface Scored {
  readonly scores: ReadonlyMap<string, number>
  readonly label: string
}

/** The steps that put the features in an order. The score shown is that of the last of them. */
async function rank(rows: LearnerRows, sieve: Sieve, params: SelectParams, context: RunContext): Promise<Scored> {
  let scored: Scored = { scores: new Map(), label: '' }
  const least = params.funnel && params.leastImportance > 0
  const byForest = params.method === 'elimination' || params.method === 'boruta'
  const forests =
    (least || byForest) && sieve.features.length > 0 ? await openForests(rows, params, context) : undefined
  if (least && forests) {
    const { scores, complaints } = await littleImportance(forests, sieve, params, [0.4, 0.6])
    sieve.take('Little importance', complaints)
    scored = { scores, label: 'Share of the mean importance' }
  }
  if (params.method === 'none' || sieve.features.length === 0) return scored
  const ranked = await byMethod(rows, forests, sieve, params, context)
  sieve.take(methodTitle(params), ranked.complaints)
  return { scores: ranked.scores, label: methodScore(params) }
}

async function byMethod(
  rows: LearnerRows,
  forests: Forests | undefined,
  sieve: Sieve,
  params: SelectParams,
  context: RunContext,
): Promise<Ranked> {
  if (!forests || params.method === 'k-best' || params.method === 'percentile')
    return takeBest(rows, sieve, params, context)
  if (params.method === 'elimination') return eliminate(forests, sieve, params, [0.6, 0.99])
  return beatShadows(forests, sieve, params, context.seed, [0.6, 0.99])
}

function methodTitle({ method, score, keep, share }: SelectParams): string {
  if (method === 'k-best') return `Best ${keep} by ${scoreLabels[score]}`
  if (method === 'percentile') return `Best ${share} % by ${scoreLabels[score]}`
  return method === 'elimination' ? 'Recursive elimination' : 'Boruta'
}

function methodScore({ method, score }: SelectParams): string {
  if (method === 'elimination') return 'Rank'
  if (method === 'boruta') return 'Share of forests won'
  const label = scoreLabels[score]
  return `${label[0]!.toUpperCase()}${label.slice(1)}`
}

const nothingLeft = (count: number) =>
  new ProblemError({
    code: 'data-bad',
    message: `${count === 1 ? 'The only feature was' : `All ${count} features were`} discarded, so there is nothing left to learn from.`,
    path: ['inputs', 'table'],
    fix: 'Loosen the steps, or name the features that must stay under "Always keep"',
  })

/** The same cells; what was discarded is no feature any more. */
function withRoles(table: Table, { discarded }: Selection): Table {
  const gone = new Set(discarded.map(({ feature }) => feature))
  return {
    ...table,
    columns: table.columns.map((column) => (gone.has(column.name) ? { ...column, role: 'label' as const } : column)),
  }
}

function asEvaluation(selection: Selection, table: Table, hash: Hash | undefined, { frame }: LearnerRows): Evaluation {
  const count = (name: string, label: string, value: number) =>
    ({ name, label, value, n: selection.kept.length + selection.discarded.length, better: 'neither' }) as const
  return {
    kind: 'evaluation',
    subject: 'selection',
    table: hash ?? table.data,
    split: 'train',
    rows: frame.rows,
    metrics: [
      count('selection.kept', 'Features kept', selection.kept.length),
      count('selection.discarded', 'Features discarded', selection.discarded.length),
    ],
    selection,
  }
}
