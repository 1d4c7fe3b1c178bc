import type { Automation, CaseCause, CaseReasons, CaseSight, Column, KnownValues, Model } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import { parseRule } from '#ml/baseline/parse-rule'
import { columnOf } from '#ml/frame'
import { createRandom } from '#ml/random/random'
import type { NewCase } from '#store/queue/open-queue'
import type { Prediction } from '../answer.ts'
import { type Feed, feedFrame } from '../row-check.ts'

/** What is known of a case before its request is: all but who asked, and the row itself. */
export interface CaseDraft extends Omit<NewCase, 'id' | 'request' | 'place' | 'row'> {
  explain(): Promise<CaseReasons>
}

/** Which rows of a version's answers are for people. */
export interface Automate {
  readonly settings: Automation
  /** Whether people decide also while the model is away. */
  readonly withoutModel: boolean
  /** A draft for each row that waits, nothing where the model's answer stands; no `said` where the model is away. */
  drafts(a: AnsweredFeed): readonly (CaseDraft | undefined)[]
}
export interface AnsweredFeed {
  readonly feed: Feed
  readonly said: readonly Prediction[] | undefined
  /** The fallback rule said it. */
  readonly fallback: boolean
  /** The request's id, which draws depend on. */
  readonly request: string
  explain(row: number): Promise<CaseReasons>
}

type RowTest = (row: number) => readonly CaseCause[]
const nothing: readonly CaseCause[] = []

/** Undefined where the model decides alone: nothing is looked at then. */
export function automationOf(
  { name, version, model }: { readonly name: string; readonly version: number; readonly model: Model },
  settings: Automation | undefined,
): Automate | undefined {
  if (!settings) return undefined
  const { level, vetoMinutes, dueHours, rule, auditShare = 0, known = [], fallback } = settings
  const conditions = rule !== undefined || auditShare > 0 || known.length > 0 || fallback === true
  if (level === 'full' && !conditions) return undefined
  const inRule = rule === undefined ? undefined : ruleTest(model.features, rule)
  const strange = known.length === 0 ? undefined : strangeTest(model.features, known)
  const automation = {
    level,
    ...(vetoMinutes !== undefined && { vetoMinutes }),
    ...(dueHours !== undefined && { dueHours }),
  }
  const facts = { model: name, version, automation, ...modelFacts(model) }
  return {
    settings,
    withoutModel: level === 'human-only' || level === 'human-first',
    drafts(asked) {
      const { feed, said, request } = asked
      const tests = [
        ...(inRule ? [inRule(feed)] : []),
        ...(strange ? [strange(feed)] : []),
        ...(auditShare > 0 ? [auditTest(settings, request)] : []),
        levelTest(settings, asked),
      ]
      return Array.from({ length: feed.rows }, (_, row): CaseDraft | undefined => {
        const found = tests.flatMap((test) => test(row))
        const pending = found.length === 0 && level === 'veto'
        const why: readonly CaseCause[] = pending ? [{ cause: 'veto' }] : found
        if (why.length === 0) return undefined
        const own = said?.[row]
        return {
          ...facts,
          sight: sightOf(settings, why),
          why,
          ...(own && { answer: { decision: own.decision, score: own.score } }),
          fallback: asked.fallback,
          pending,
          explain: () => asked.explain(row),
        }
      })
    },
  }
}

/** What people choose from: the positive class first. */
function modelFacts({ purpose, classes, positive, target, protected: hidden }: Model) {
  const own = positive ?? classes?.[1]
  const choices = purpose === 'binary' && classes ? [own!, ...classes.filter((one) => one !== own)] : classes
  return {
    protected: hidden,
    ...(purpose !== 'regression' && choices && { choices }),
    ...(target !== undefined && { target }),
  }
}

/** Whether the model's answer may be seen before somebody decides. A drawn row is judged blind, so that it says how good the model is. */
function sightOf({ level }: Automation, causes: readonly CaseCause[]): CaseSight {
  if (level === 'human-only') return 'never'
  return level === 'human-first' || causes.every(({ cause }) => cause === 'audit') ? 'after' : 'before'
}

function levelTest(settings: Automation, { said, fallback }: AnsweredFeed): RowTest {
  const { level, band } = settings
  if (!said) return () => [{ cause: 'away' }]
  const always: readonly CaseCause[] =
    level === 'human-only' || level === 'human-first' || level === 'suggest' ? [{ cause: 'level' }] : nothing
  // How sure the rule is nobody knows.
  const ruled: readonly CaseCause[] =
    fallback && (settings.fallback || level === 'uncertain-to-human') ? [{ cause: 'fallback' }] : nothing
  return (row) => {
    if (always.length + ruled.length > 0) return [...always, ...ruled]
    if (level !== 'uncertain-to-human' || !band) return nothing
    const { score } = said[row]!
    return score !== null && score >= band.low && score <= band.high ? [{ cause: 'uncertain' }] : nothing
  }
}

function ruleTest(features: readonly Column[], source: string): (feed: Feed) => RowTest {
  const { rule } = parseRule(source)
  if (!rule) return () => () => nothing
  const { bound } = bindRule(rule, features)
  return (feed) => {
    const holds = applyRule(bound, feedFrame(features, feed))
    return (row) => (holds[row] === 1 ? [{ cause: 'rule' }] : nothing)
  }
}

/** Missing cells are no strangers: whether they may be is said by the schema. */
function strangeTest(features: readonly Column[], known: readonly KnownValues[]): (feed: Feed) => RowTest {
  const sets = known.map((one) => ('levels' in one ? new Set(one.levels) : undefined))
  return (feed) => {
    const frame = feedFrame(features, feed)
    return (row) =>
      known.flatMap((one, place): readonly CaseCause[] => {
        const { cells } = columnOf(frame, one.column)
        if (cells.kind === 'text') {
          const text = cells.codes[row]! < 0 ? '' : cells.levels[cells.codes[row]!]!
          return text === '' || sets[place]?.has(text) !== false ? nothing : [{ cause: 'unseen', column: one.column }]
        }
        if ('levels' in one) return nothing
        const value = cells.values[row]!
        return value < one.min || value > one.max ? [{ cause: 'out-of-range', column: one.column }] : nothing
      })
  }
}

/** Drawn by the seed, the request's id and the row's place, all of which are kept: who doubts a draw draws again. */
function auditTest({ auditShare = 0, seed = 1 }: Automation, request: string): RowTest {
  const random = createRandom(`${seed}/${request}`)
  return (row) => (random.split(row).uniform() < auditShare ? [{ cause: 'audit' }] : nothing)
}
