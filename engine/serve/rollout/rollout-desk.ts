import type { Model } from '#contract'
import { judgeRollout } from '#ml/rollout/judge-rollout'
import type { Database } from '#store/database'
import { sharesNow } from '#store/read-rollouts'
import { addTallies, evidenceOf, type RolloutRecord, rolloutUnderWay } from '#store/rollout-records'
import { abortRollout, moveRollout, recordCheck } from '#store/rollouts'
import type { Serving } from '../serving.ts'
import { openTraffic, type Traffic } from './traffic.ts'

/** Keeps a server in step with the rollout of its model. */
export interface RolloutDesk {
  /** What answers while a rollout is under way. */
  readonly traffic: Traffic | undefined
  /** Takes up the rollout as the registry has it; the champion first. */
  follow(record: RolloutRecord | undefined, servings: readonly Serving[]): void
  /** Ends a rollout whose versions can not be loaded. */
  fail(error: unknown): void
  /** Writes down what was counted, judges, and does what the judgement asks for. True where the registry changed by it. */
  tick(): boolean
  close(): void
}

export function openRolloutDesk(a: {
  readonly db: Database
  readonly name: string
  /** Rows that both versions of a blue-green rollout have to answer. */
  sampleRows(model: Model): Promise<readonly unknown[]>
  /** Whether both keep the contract: "kept", or a complaint. */
  check(servings: readonly Serving[], rows: readonly unknown[]): Promise<string>
}): RolloutDesk {
  const { db, name } = a
  let traffic: Traffic | undefined
  let answering: readonly Serving[] = []
  let step = 0
  let paused = false
  let checking: number | undefined

  const write = () => {
    const counted = traffic?.take()
    if (traffic && !paused && counted && counted.size > 0) {
      const { id } = traffic
      db.transaction(() => addTallies(db, id, step, counted))
    }
  }
  const shares = (record: RolloutRecord) =>
    sharesNow(record, judgeRollout(record.strategy, evidenceOf(db, record), record.checked))

  const check = async (record: RolloutRecord, servings: readonly Serving[]) => {
    if (record.strategy !== 'blue-green' || record.checked !== undefined || checking === record.id) return
    checking = record.id
    const said = await a
      .sampleRows(servings[0]!.model)
      .then((rows) => a.check(servings, rows))
      .catch((error: unknown) => `The check could not be made. ${wordsOf(error)}`)
    recordCheck(db, record.id, name, said)
  }

  const stop = () => {
    traffic?.stop()
    traffic = undefined
  }

  return {
    get traffic() {
      return traffic
    },
    follow(record, servings) {
      write()
      const strange = record && servings.map(({ model }) => unlike(servings[0]!.model, model)).find(Boolean)
      if (!record || strange) {
        stop()
        if (strange) abortRollout(db, name, strange)
        return
      }
      paused = record.state === 'paused'
      if (record.step !== step) traffic?.beginStep()
      step = record.step
      const same = servings.every((serving, arm) => serving === answering[arm])
      if (traffic?.id === record.id && same) traffic.steer(shares(record))
      else {
        traffic?.stop()
        const { id, settings, strategy } = record
        answering = servings
        traffic = openTraffic({ id, settings, shadow: strategy === 'shadow', servings, shares: shares(record) })
      }
      check(record, servings).catch((error: unknown) => console.error(wordsOf(error)))
    },
    fail(error) {
      stop()
      abortRollout(db, name, `A version could not be loaded. ${wordsOf(error)}`)
    },
    tick() {
      if (!traffic) return false
      write()
      moveRollout(db, name, traffic.id)
      const record = rolloutUnderWay(db, name)
      if (record?.id !== traffic.id || record.step !== step) return true
      traffic.steer(shares(record))
      return false
    },
    close() {
      write()
      traffic?.stop()
    },
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)

/** Why answers of two models can not be compared; undefined where they can. */
function unlike(champion: Model, challenger: Model): string | undefined {
  const classes = (model: Model) => [...(model.classes ?? [])].sort().join(', ')
  if (champion.purpose === challenger.purpose && classes(champion) === classes(challenger)) return undefined
  return `The versions decide between different things: ${classes(champion) || champion.purpose}, and ${classes(challenger) || challenger.purpose}.`
}
