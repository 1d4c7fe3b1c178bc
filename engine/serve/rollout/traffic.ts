import type { RolloutArm, RolloutSettings } from '#contract'
import { type AnsweredRow, type ArmTally, runningTally } from '#ml/rollout/arm-tally'
import { armAt, KeyHash } from '#ml/rollout/assign-arm'
import type { Prediction } from '../answer.ts'
import {
  type AnsweredRequest,
  type Answering,
  answeringBy,
  type RefusedRows,
  type RowAnswers,
  type ToldRow,
} from '../answering.ts'
import type { Serving } from '../serving.ts'
import { rowKeys } from './row-keys.ts'
import { seenPeople } from './seen-people.ts'
import { openShadow } from './shadow-queue.ts'

export interface TrafficOrder {
  readonly id: number
  readonly settings: RolloutSettings
  readonly shadow: boolean
  /** The champion first. */
  readonly servings: readonly Serving[]
  readonly shares: readonly number[]
}
/** The versions of a rollout answering as one: each person by one of them. */
export interface Traffic extends Answering {
  readonly id: number
  /** The first of the new versions. */
  readonly challenger: Serving
  steer(shares: readonly number[]): void
  /** People are counted anew. */
  beginStep(): void
  /** What was counted of each version since the last time; empty where nobody asked. */
  take(): ReadonlyMap<number, ArmTally>
  /** Stops scoring in the shadow. */
  stop(): void
}

/** Rows that one version answers. */
interface Part {
  readonly arm: number
  /** Places among the rows of the request. */
  readonly rows: readonly number[]
}
interface PartAnswer extends Part {
  readonly answer: RowAnswers | RefusedRows | { readonly error: unknown }
  /** Who answered in the end, and whether the version itself could not. */
  readonly by: number
  readonly failed: boolean
  readonly ms: number
}

const roles: readonly RolloutArm['role'][] = ['champion', 'challenger']
const roleOf = (arm: number) => roles[Math.min(arm, 1)]!

/** A challenger that refuses or fails leaves its people to the champion: a rollout costs nobody an answer. */
export function openTraffic({ id, settings, shadow: shadowed, servings, shares: first }: TrafficOrder): Traffic {
  const champion = servings[0]!
  const versions = servings.map(answeringBy)
  const { name, model } = champion
  const keys = rowKeys(
    model,
    settings.key,
    new KeyHash(`${settings.seed}/${servings.map(({ version }) => version).join()}`),
  )
  const favourable = settings.favourable
  const groupsOf = protectedValues(model.protected)
  const tallies = servings.map(() => runningTally())
  const asked = servings.map(() => 0)
  const seen = seenPeople()
  let shares = first
  const shadow = shadowed ? openShadow({ serving: servings[1]!, settings, tally: tallies[1]! }) : undefined

  const ask = async (part: Part, rows: readonly unknown[], request: AnsweredRequest): Promise<PartAnswer> => {
    const started = performance.now()
    const own = part.rows.length === rows.length ? rows : part.rows.map((row) => rows[row])
    const of = (arm: number) => versions[arm]!.answer(own, request).catch((error: unknown) => ({ error }))
    const answer = await of(part.arm)
    const ms = performance.now() - started
    const failed = 'error' in answer
    if (part.arm === 0 || (!failed && !answer.faults)) return { ...part, answer, by: part.arm, failed, ms }
    const instead = await of(0)
    // rows that the champion refuses too say nothing about the challenger
    return { ...part, answer: instead, by: 0, failed: failed || !('faults' in instead && instead.faults), ms }
  }

  const count = (given: PartAnswer, rows: readonly unknown[], places: Float64Array) => {
    const { answer, arm, failed } = given
    const alone = given.rows.length === rows.length
    const whole = 'predictions' in answer ? answer : undefined
    asked[arm]! += given.rows.length
    given.rows.forEach((row, at) => {
      const prediction = failed ? undefined : whole?.predictions[at]
      tallies[arm]!.add(
        rowAnswer(prediction, {
          first: seen.first(places[row]!),
          ms: alone && at === 0 ? given.ms : undefined,
          fallback: whole?.fallback ?? false,
          groups: groupsOf(rows[row]),
        }),
      )
    })
  }

  /** A failed row has no prediction. */
  const rowAnswer = (
    prediction: Prediction | undefined,
    more: Pick<AnsweredRow, 'first' | 'ms' | 'fallback' | 'groups'>,
  ): AnsweredRow => ({
    ...more,
    failed: prediction === undefined,
    favourable: favourable === '' ? undefined : prediction?.decision === favourable,
    score: prediction?.score ?? null,
  })

  return {
    id,
    challenger: servings[1]!,
    name,
    version: champion.version,
    model,
    runner: champion.runner,
    people: servings.find(({ people }) => people)?.people,
    alone: versions[0]!,
    async answer(rows, request) {
      const places = keys(rows)
      const parts = await Promise.all(partsOf(places, shares).map((part) => ask(part, rows, request)))
      const refused = parts.find(({ answer }) => 'faults' in answer && answer.faults)
      if (refused) return refusalOf(refused)
      for (const part of parts) count(part, rows, places)
      for (const { answer } of parts) if ('error' in answer) throw answer.error
      const joined = join(parts, rows.length)
      shadow?.offer({ rows, places, predictions: joined.predictions })
      return joined
    },
    steer(next) {
      shares = next
    },
    beginStep: () => seen.forget(),
    take() {
      const counted = tallies.map((tally, arm) => [servings[arm]!.version, tally.take()] as const)
      return new Map(counted.filter(([, tally]) => tally.answers > 0 || tally.pairs))
    },
    stop: () => shadow?.stop(),
    arms: () =>
      servings.map(({ version }, arm) => ({ version, arm: roleOf(arm), share: shares[arm]!, answers: asked[arm]! })),
  }

  function join(parts: readonly PartAnswer[], rows: number): RowAnswers {
    const predictions: Prediction[] = new Array(rows)
    const told: ToldRow[] = new Array(rows)
    const wholes = parts.map((part) => ({ ...part, answer: part.answer as RowAnswers }))
    for (const { answer, rows: own, arm, by } of wholes)
      own.forEach((row, at) => {
        predictions[row] = answer.predictions[at]!
        told[row] = { ...answer.told[at]!, version: servings[by]!.version, arm: roleOf(arm) }
      })
    const answered = new Set(wholes.map(({ by }) => servings[by]!.version))
    const arms = new Set(wholes.map(({ arm }) => roleOf(arm)))
    return {
      predictions,
      told,
      fallback: wholes.some(({ answer }) => answer.fallback),
      version: answered.size === 1 ? [...answered][0]! : champion.version,
      arm: arms.size === 1 ? [...arms][0]! : 'mixed',
      rollout: id,
      async explain() {
        const all = await Promise.all(wholes.map(({ answer }) => answer.explain()))
        const explained = new Array(rows)
        wholes.forEach(({ rows: own }, part) => own.forEach((row, at) => (explained[row] = all[part]![at])))
        return explained
      },
    }
  }
}

function partsOf(places: Float64Array, shares: readonly number[]): readonly Part[] {
  const parts = new Map<number, number[]>()
  for (let row = 0; row < places.length; row++) {
    const arm = armAt(places[row]!, shares)
    const rows = parts.get(arm)
    if (rows) rows.push(row)
    else parts.set(arm, [row])
  }
  return Array.from(parts, ([arm, rows]) => ({ arm, rows }))
}

/** Faults under the numbers that rows have in the request. */
const refusalOf = ({ answer, rows }: PartAnswer): RefusedRows => ({
  faults: (answer as RefusedRows).faults.map((fault) => ({ ...fault, row: rows[fault.row]! })),
})

/** Values of the protected columns that a row carries as text or truth value: the model itself does not look at them. */
function protectedValues(columns: readonly string[]): (row: unknown) => Readonly<Record<string, string>> | undefined {
  if (columns.length === 0) return () => undefined
  return (row) => {
    const cells = row as Readonly<Record<string, unknown>>
    const known = columns.filter((name) => typeof cells[name] === 'string' || typeof cells[name] === 'boolean')
    return known.length === 0 ? undefined : Object.fromEntries(known.map((name) => [name, String(cells[name])]))
  }
}
