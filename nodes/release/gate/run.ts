import {
  type Evaluation,
  type Hash,
  type Metric,
  type Problem,
  ProblemError,
  type Release,
  type Verdict,
} from '#contract'
import { judgeLimit } from '#report/judge-limit'

export interface GateCheck {
  readonly metric: string
  readonly operator: '>=' | '<='
  readonly limit: number
  readonly label: string
}
type Check = Release['checks'][number]

function judge(check: GateCheck, metric: Metric): Check {
  const { value, low, high, n } = metric
  const label = check.label || metric.label
  const estimate = {
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(n === undefined ? {} : { n }),
  }
  const { metric: name, operator, limit } = check
  return { label, metric: name, operator, limit, estimate, ...judgeLimit({ label, operator, limit }, estimate) }
}

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const spelled = (count: number) => words[count] ?? String(count)

function howMany(some: number, all: number): string {
  if (some < all) return `${spelled(some)} of ${spelled(all)}`
  return all === 2 ? 'both' : `all ${spelled(all)}`
}

export function verdictSentence(checks: readonly { readonly verdict: Verdict }[]): string {
  const failed = checks.filter(({ verdict }) => verdict === 'fail').length
  const all = checks.length
  if (failed > 0 && all === 1) return 'Not ready: the gate fails.'
  if (failed > 0) return `Not ready: ${howMany(failed, all)} gates ${failed === 1 ? 'fails' : 'fail'}.`
  return all === 1 ? 'Ready: the gate holds.' : `Ready: ${howMany(all, all)} gates hold.`
}

/** Names that share most of their words with the one asked for, at most three. */
function near(name: string, known: readonly string[]): readonly string[] {
  const parts = new Set(name.toLowerCase().split(/[^a-z0-9]+/))
  const shared = (other: string) =>
    other
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((part) => parts.has(part)).length
  return [...known].sort((a, b) => shared(b) - shared(a)).slice(0, 3)
}

function unknownMetric(name: string, index: number, known: readonly string[]): Problem {
  return {
    code: 'not-found',
    message: `No evaluation wired here has the figure "${name}".`,
    path: ['params', 'checks', index, 'metric'],
    fix:
      known.length === 0
        ? 'Wire an evaluation with figures to this gate'
        : `Choose a figure such as ${near(name, known).join(', ')}`,
  }
}

/** The figure furthest from holding, of all evaluations that have it; one without a value is the furthest. */
function worst(metrics: readonly Metric[], operator: GateCheck['operator']): Metric {
  const badness = ({ value }: Metric) =>
    value === null ? Number.POSITIVE_INFINITY : operator === '>=' ? -value : value
  return metrics.reduce((found, metric) => (badness(metric) > badness(found) ? metric : found))
}

/** Evaluations of two models would release one by the merits of the other. */
function modelOf(evaluations: readonly Evaluation[], given: Hash | undefined): Hash | undefined {
  const models = new Set([given, ...evaluations.map(({ model }) => model)].filter((hash) => hash !== undefined))
  if (models.size > 1)
    throw new ProblemError({
      code: 'not-supported',
      message: `The wires of this gate come from ${models.size} different models; a gate releases one.`,
      path: ['inputs', 'evaluation'],
      fix: 'Wire evaluations of one model, and use a gate for each',
    })
  return [...models][0]
}

export function judgeGates(
  evaluations: readonly Evaluation[],
  checks: readonly GateCheck[],
  given?: Hash | undefined,
): Release {
  const model = modelOf(evaluations, given)
  const metrics = Map.groupBy(
    evaluations.flatMap((evaluation) => evaluation.metrics),
    ({ name }) => name,
  )
  const problems = checks.flatMap(({ metric }, index) =>
    metrics.has(metric) ? [] : [unknownMetric(metric, index, [...metrics.keys()])],
  )
  if (problems.length > 0) throw new ProblemError(problems)
  const judged = checks.map((check) => judge(check, worst(metrics.get(check.metric)!, check.operator)))
  return {
    kind: 'release',
    verdict: judged.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass',
    sentence: verdictSentence(judged),
    ...(model === undefined ? {} : { model }),
    checks: judged,
  }
}
