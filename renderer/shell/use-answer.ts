import { useEffect, useState } from 'react'
import { type Problem, problemsOf } from '#contract'

export interface Answer<T> {
  readonly value?: T
  readonly problems?: readonly Problem[]
  readonly waiting: boolean
}

/** What a question to the engine gives; asked again when its key changes, not asked while the key is null. */
export function useAnswer<T>(key: string | null, ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { key: string | null }>({ key: null, waiting: false })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    if (key === null) return
    let wanted = true
    setAnswer((old) => ({ ...old, waiting: true }))
    ask().then(
      (value) => wanted && setAnswer({ key, value, waiting: false }),
      (error: unknown) => wanted && setAnswer({ key, problems: problemsOf(error), waiting: false }),
    )
    return () => {
      wanted = false
    }
  }, [key])
  return answer.key === key ? answer : { waiting: key !== null }
}
