import { useEffect, useState } from 'react'
import { type Problem, problemsOf } from '#contract'

export interface Answer<T> {
  readonly value: T | undefined
  readonly problems: readonly Problem[]
  readonly loading: boolean
}

/** What an engine call answers. The last answer stays readable while a newer one is under way. */
export function useAnswer<T>(ask: () => Promise<T>, dependencies: readonly unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, problems: [], loading: true })
  useEffect(() => {
    let gone = false
    setAnswer((old) => ({ ...old, loading: true }))
    ask().then(
      (value) => {
        if (!gone) setAnswer({ value, problems: [], loading: false })
      },
      (error: unknown) => {
        if (!gone) setAnswer((old) => ({ value: old.value, problems: problemsOf(error), loading: false }))
      },
    )
    return () => {
      gone = true
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what the question depends on
  }, dependencies)
  return answer
}
