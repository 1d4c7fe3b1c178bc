import { useEffect, useId, useState } from 'react'
import type { Engine, Hash } from '#contract'
import type { RowSelection } from './row-selection.ts'
import { hasPlace } from './stretches.ts'

type Chosen = (place: number) => boolean

/** Which of some rows of a table are chosen; null where nothing is, and until it is known. */
export function useChosenAmong(
  engine: Engine,
  table: Hash,
  selection: RowSelection | null,
  among: readonly number[],
): Chosen | null {
  const view = useId()
  const [answered, setAnswered] = useState<{ question: string; chosen: Chosen } | null>(null)
  const asked = selection && among.length > 0
  const question = asked ? JSON.stringify({ table, where: selection.where, among }) : null
  useEffect(() => {
    if (question === null) return setAnswered(null)
    let gone = false
    engine.chosenPlaces({ ...JSON.parse(question), view }).then(
      (places) => {
        if (!gone) setAnswered({ question, chosen: (place) => hasPlace(places, place) })
      },
      () => {},
    )
    return () => {
      gone = true
    }
  }, [engine, question, view])
  return question === null ? null : (answered?.chosen ?? null)
}
