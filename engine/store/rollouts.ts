import { ProblemError, type RolloutAction, type RolloutOrder, rollsOutSeveral } from '#contract'
import { canarySteps } from '#ml/rollout/canary'
import { judgeRollout } from '#ml/rollout/judge-rollout'
import type { Judgement } from '#ml/rollout/judgement'
import type { Database } from './database.ts'
import {
  auditRollout,
  endRollout,
  evidenceOf,
  insertRollout,
  type RolloutRecord,
  rolloutUnderWay,
} from './rollout-records.ts'
import { enterStage, needApproval, productionVersion, unapprovedBy, versionRow } from './stages.ts'

type Start = RolloutOrder & { readonly name: string; readonly versions: readonly number[] }

/** Begins a rollout; the version in production is the champion. Gives its id. */
export const startRollout = (db: Database, a: Start): number => db.lastingTransaction(() => beginRollout(db, a))

/** The same inside a lasting transaction. */
export function beginRollout(db: Database, a: Start): number {
  const { name, strategy, settings } = a
  const challengers = [...new Set(a.versions)]
  for (const version of challengers) versionRow(db, name, version)
  const champion = productionVersion(db, name)
  if (champion === undefined)
    throw problem(
      `No version of ${name} is in production, so there is nothing to compare with.`,
      `Put one there first: plumbline models promote ${name} VERSION.`,
    )
  if (challengers.includes(champion))
    throw problem(`Version ${champion} of ${name} is in production already.`, 'Name another version.')
  const other = rolloutUnderWay(db, name)
  if (other)
    throw problem(
      `A rollout of ${name} is under way: ${other.strategy} of version ${other.challengers.join(', ')}.`,
      `End it first: plumbline rollout abort ${name}, or promote.`,
    )
  if (challengers.length > 1 && !rollsOutSeveral.has(strategy))
    throw problem(`A rollout by ${strategy} takes one new version.`, `Use one of ${[...rollsOutSeveral].join(', ')}.`)
  checkSettings(a)
  if (answersPeople.has(strategy)) for (const version of challengers) needApproval(db, name, version)
  return insertRollout(db, { name, strategy, champion, challengers, settings })
}

/** Before it is promoted; a version that does needs the approval that production asks for. */
const answersPeople: ReadonlySet<string> = new Set(['canary', 'a-b', 'bandit-thompson', 'bandit-ucb'])

function checkSettings({ strategy, settings }: RolloutOrder): void {
  if (strategy === 'canary' && canarySteps(settings.steps).length === 0)
    throw problem(
      `The steps "${settings.steps}" have no share between 0 and 100 per cent.`,
      'Write steps such as 1, 5, 25, 50.',
    )
  if (settings.lowest >= settings.highest)
    throw problem('The lowest outcome is not below the highest.', 'Write the range that outcomes have.')
}

const problem = (message: string, fix: string) => new ProblemError({ code: 'not-supported', message, fix })

function needRollout(db: Database, name: string): RolloutRecord {
  const record = rolloutUnderWay(db, name)
  if (record) return record
  throw new ProblemError({
    code: 'not-found',
    message: `No rollout of ${name} is under way.`,
    fix: 'See "plumbline rollout" for what there is.',
  })
}

/** The champion answers everybody until the rollout goes on; what was counted stays. */
export function pauseRollout(db: Database, name: string): void {
  db.lastingTransaction(() => {
    const record = needRollout(db, name)
    if (record.state === 'paused') return
    db.run(
      "UPDATE rollouts SET state = 'paused', ran_ms = ?, running_since_ms = NULL WHERE id = ?",
      ...[Math.round(record.minutes * 60_000), record.id],
    )
    auditRollout(db, record, 'paused', {})
  })
}

export function resumeRollout(db: Database, name: string): void {
  db.lastingTransaction(() => {
    const record = needRollout(db, name)
    if (record.state === 'running') return
    db.run("UPDATE rollouts SET state = 'running', running_since_ms = ? WHERE id = ?", Date.now(), record.id)
    auditRollout(db, record, 'resumed', {})
  })
}

/** The champion answers everybody again, at once. */
export function abortRollout(db: Database, name: string, reason = 'Aborted by hand.'): void {
  db.lastingTransaction(() => endRollout(db, needRollout(db, name), 'aborted', { reason }))
}

/** A challenger comes into production, where the reviewers whom the stage requires have approved it. Gives its version. */
export function promoteRollout(
  db: Database,
  { name, version }: { readonly name: string; readonly version?: number },
): number {
  return db.lastingTransaction(() => {
    const record = needRollout(db, name)
    const [first, ...others] = record.challengers
    const chosen = version ?? first!
    if (!record.challengers.includes(chosen) || (version === undefined && others.length > 0))
      throw problem(
        `The rollout of ${name} compares versions ${record.challengers.join(', ')}.`,
        `Name the one to promote: plumbline rollout promote ${name} --version ${first}.`,
      )
    promoteChallenger(db, record, chosen, 'Promoted by hand.')
    return chosen
  })
}

function promoteChallenger(db: Database, record: RolloutRecord, version: number, reason: string): void {
  endRollout(db, record, 'promoted', { reason, version })
  enterStage(db, record.name, version, 'production')
  db.run('UPDATE model_versions SET rolled_back_at = NULL WHERE name = ? AND version = ?', record.name, version)
}

/** What the check of blue and green said: "kept", or a complaint. */
export function recordCheck(db: Database, id: number, name: string, said: string): void {
  db.lastingTransaction(() => {
    const record = rolloutUnderWay(db, name)
    if (record?.id !== id || record.checked !== undefined) return
    db.run('UPDATE rollouts SET checked = ? WHERE id = ?', said, id)
    auditRollout(db, record, 'checked', { said })
  })
}

/**
 * Judges a rollout by what was counted and does what the judgement asks for: the next step, an abort, a promotion. Several
 * servers may ask: each change is made once. Undefined where none is under way or it is paused.
 */
export function moveRollout(db: Database, name: string, id: number): Judgement | undefined {
  const record = rolloutUnderWay(db, name)
  if (record?.id !== id || record.state !== 'running') return undefined
  const judged = judgeRollout(record.strategy, evidenceOf(db, record), record.checked)
  const withdrawn = withdrawnApproval(db, record)
  const judgement: Judgement = withdrawn === undefined ? judged : { ...judged, action: 'abort', verdict: withdrawn }
  if (judgement.action === 'stay') return judgement
  db.lastingTransaction(() => {
    const now = rolloutUnderWay(db, name)
    if (now?.id !== id || now.step !== record.step || now.state !== 'running') return
    if (judgement.action === 'abort') endRollout(db, record, 'aborted', { reason: judgement.verdict })
    else if (judgement.action === 'next') enterStep(db, record, judgement)
    else if (unapprovedBy(db, name, record.challengers[0]!).length === 0)
      promoteChallenger(db, record, record.challengers[0]!, judgement.verdict)
  })
  return judgement
}

/** Why a rollout ends whose approval a reviewer took back. */
function withdrawnApproval(db: Database, { name, strategy, challengers }: RolloutRecord): string | undefined {
  if (!answersPeople.has(strategy)) return undefined
  for (const version of challengers) {
    const missing = unapprovedBy(db, name, version)
    if (missing.length > 0) return `Aborted: version ${version} is not approved by ${missing.join(' and ')} any more.`
  }
  return undefined
}

function enterStep(db: Database, record: RolloutRecord, { verdict }: Judgement): void {
  const step = record.step + 1
  db.run('UPDATE rollouts SET step = ?, ran_ms = 0, running_since_ms = ? WHERE id = ?', step, Date.now(), record.id)
  const share = canarySteps(record.settings.steps)[step]!
  auditRollout(db, record, 'stepped', { share, figures: verdict })
}

/** What a person asks of a rollout from the app. */
export function steerRollout(
  db: Database,
  { action, ...a }: { readonly name: string; readonly action: RolloutAction; readonly version?: number },
): void {
  if (action === 'pause') pauseRollout(db, a.name)
  else if (action === 'resume') resumeRollout(db, a.name)
  else if (action === 'abort') abortRollout(db, a.name)
  else promoteRollout(db, a)
}
