import type { RolloutSettings } from '#contract'
import type { RunningTally } from '#ml/rollout/arm-tally'
import type { Prediction } from '../answer.ts'
import type { Serving } from '../serving.ts'
import { seenPeople } from './seen-people.ts'

/** A request that was answered. */
interface Asked {
  readonly rows: readonly unknown[]
  readonly places: Float64Array
  readonly predictions: readonly Prediction[]
}
export interface Shadow {
  /** Scores the rows once nothing else waits before them; beyond the queue's length they are left out and counted. */
  offer(asked: Asked): void
  stop(): void
}

/** Lets a version score what another has answered, one request after the other, out of the way of those who ask. */
export function openShadow(a: {
  readonly serving: Serving
  readonly settings: RolloutSettings
  readonly tally: RunningTally
}): Shadow {
  const { serving, settings, tally } = a
  const seen = seenPeople()
  let queue: Asked[] = []
  let waiting = 0
  let working = false

  const work = async () => {
    working = true
    while (queue.length > 0) {
      const asked = queue.shift()!
      waiting -= asked.rows.length
      await compare(asked)
    }
    working = false
  }
  const compare = async ({ rows, places, predictions }: Asked) => {
    const started = performance.now()
    const { feed } = serving.read(rows)
    const whole = feed && (await serving.predict(feed).catch(() => undefined))
    const ms = performance.now() - started
    predictions.forEach((given, row) => {
      const own = whole?.predictions[row]
      const first = seen.first(places[row]!)
      tally.add({
        first,
        ms: row === 0 ? ms : undefined,
        failed: !own,
        fallback: whole?.fallback ?? false,
        favourable: settings.favourable === '' ? undefined : own?.decision === settings.favourable,
        score: own?.score ?? null,
      })
      if (!first || !own || whole!.fallback || given.score === null) return
      tally.pair({ hash: places[row]!, agreed: own.decision === given.decision, first: given.score, second: own.score })
    })
  }
  return {
    offer(asked) {
      if (waiting + asked.rows.length > settings.queue) {
        tally.drop(asked.rows.length)
        return
      }
      queue.push(asked)
      waiting += asked.rows.length
      if (!working) setImmediate(() => void (working || work()))
    },
    stop() {
      queue = []
      waiting = 0
    },
  }
}
