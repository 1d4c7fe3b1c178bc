import type { Rollout, RolloutArm } from '#contract'
import type { ArmTally } from '#ml/rollout/arm-tally'
import { canarySteps } from '#ml/rollout/canary'
import { judgeRollout } from '#ml/rollout/judge-rollout'
import type { Judgement } from '#ml/rollout/judgement'
import { percent } from '#ml/rollout/judgement'
import { latencyQuantile } from '#ml/rollout/latency-counts'
import { shareSequence } from '#ml/rollout/share-sequence'
import { sampleVariance } from '#ml/rollout/spread'
import { criticalValue } from '#ml/statistics/normal'
import { auditEntries } from './audit-chain.ts'
import type { Database } from './database.ts'
import { allRollouts, evidenceOf, type RolloutEvent, type RolloutRecord, rolloutsOf } from './rollout-records.ts'
import { unapprovedBy } from './stages.ts'

/** The rollout of a model that is under way, else its newest. */
export function rolloutOf(db: Database, name: string): Rollout | undefined {
  const [newest] = rolloutsOf(db, name)
  return newest && viewOf(db, newest)
}

/** All there are: those under way first, then newest first. */
export const listRollouts = (db: Database): readonly Rollout[] => allRollouts(db).map((record) => viewOf(db, record))

function viewOf(db: Database, record: RolloutRecord): Rollout {
  const { minutes: _, checked: __, step, ...rest } = record
  const evidence = evidenceOf(db, record)
  const judged = judgeRollout(record.strategy, evidence, record.checked)
  const shares = sharesNow(record, judged)
  return {
    ...rest,
    verdict: verdictOf(db, record, judged),
    arms: evidence.versions.map((version, at) =>
      armOf(version, at, { tally: evidence.all[at]!, share: shares[at]!, judged, record }),
    ),
    guards: record.endedAt ? [] : judged.guards,
    figures: judged.figures,
    steps: record.strategy === 'canary' ? stepsOf(record, step) : [],
    history: historyOf(db, record),
  }
}

/** Part of people whom each version answers now. */
export function sharesNow(
  { state, champion: _, challengers }: Pick<RolloutRecord, 'state' | 'champion' | 'challengers'>,
  { shares }: Judgement,
): readonly number[] {
  if (state === 'running') return shares
  return [1, ...challengers.map(() => 0)]
}

function verdictOf(db: Database, record: RolloutRecord, { verdict, action }: Judgement): string {
  const { state, reason = '', champion, challengers } = record
  if (state === 'promoted') return `Promoted. ${reason}`
  if (state === 'aborted') return reason.startsWith('Aborted') ? reason : `Aborted. ${reason}`
  if (state === 'paused') return `Paused: version ${champion} answers everybody. ${verdict}`
  const missing = action === 'promote' ? unapprovedBy(db, record.name, challengers[0]!) : []
  return missing.length > 0 ? `${verdict} It waits for the approval of ${missing.join(' and ')}.` : verdict
}

function stepsOf({ settings, state }: RolloutRecord, step: number): Rollout['steps'] {
  const ended = state === 'promoted'
  const steps = canarySteps(settings.steps).map((share, at) => ({
    share,
    state: at < step || ended ? ('passed' as const) : at === step ? ('now' as const) : ('ahead' as const),
  }))
  return [...steps, { share: 1, state: ended ? 'now' : 'ahead' }]
}

function armOf(
  version: number,
  at: number,
  {
    tally,
    share,
    judged,
    record,
  }: { readonly tally: ArmTally; readonly share: number; readonly judged: Judgement; readonly record: RolloutRecord },
): RolloutArm {
  const { alpha, outcome } = record.settings
  const { outcomes } = tally
  const best = judged.best?.[at]
  return {
    version,
    role: at === 0 ? 'champion' : 'challenger',
    share,
    answers: tally.answers,
    people: tally.people,
    favourable: shareSequence(tally.favourable, tally.decided, alpha),
    groups: Object.entries(tally.groups).flatMap(([column, values]) =>
      Object.entries(values).map(([group, [decided, favourable]]) => ({
        column,
        group,
        favourable: shareSequence(favourable, decided, alpha),
      })),
    ),
    errors: shareSequence(tally.errors, tally.people, alpha),
    fallbacks: shareSequence(tally.fallbacks, tally.people, alpha),
    median: latencyQuantile(tally.latency, 0.5),
    p95: latencyQuantile(tally.latency, 0.95),
    outcomes: outcomes.n,
    reward: outcome === 'class' ? shareSequence(outcomes.good, outcomes.n, alpha) : meanOf(outcomes.numbers),
    wrong: shareSequence(outcomes.wrong, outcomes.judged, alpha),
    ...(best === undefined ? {} : { best }),
  }
}

/** A mean with its 95 % interval, for one look. */
function meanOf(spread: ArmTally['outcomes']['numbers']) {
  if (spread.n < 2) return { value: spread.n === 1 ? spread.mean : null, n: spread.n }
  const half = criticalValue(0.95) * Math.sqrt(sampleVariance(spread) / spread.n)
  return { value: spread.mean, low: spread.mean - half, high: spread.mean + half, n: spread.n }
}

type Body = Readonly<Record<string, string | number>>

const historyOf = (db: Database, { id, name }: RolloutRecord): Rollout['history'] =>
  auditEntries(db, name)
    .filter(({ kind, body }) => kind.startsWith('rollout-') && (body as Body).rollout === id)
    .map(({ at, kind, body }) => ({ at, text: rolloutText(kind, body as Body) }))

/** What an entry of the audit chain says about a rollout. */
export function rolloutText(kind: string, body: Body): string {
  const event = kind.slice('rollout-'.length) as RolloutEvent
  return texts[event](body)
}
const texts: Readonly<Record<RolloutEvent, (body: Body) => string>> = {
  started: ({ strategy, champion, challengers }) =>
    `Rollout of version ${challengers} beside version ${champion} began: ${strategy}`,
  stepped: ({ share, figures }) => `Step of ${percent(share as number)}. ${figures}`,
  checked: ({ said }) => (said === 'kept' ? 'Both versions keep the contract' : String(said)),
  paused: () => 'Rollout paused',
  resumed: () => 'Rollout goes on',
  promoted: ({ version, reason }) => `Rollout promoted version ${version}. ${reason}`,
  aborted: ({ reason }) => `Rollout ended: ${reason}`,
}
