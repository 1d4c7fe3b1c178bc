import { useEffect, useState } from 'react'
import { type Engine, type Problem, problemsOf, type SweepDetail } from '#contract'

/** A sweep as it stands, followed while it goes on. */
export function useSweep(engine: Engine, id: string): { detail?: SweepDetail; problems?: readonly Problem[] } {
  const [known, setKnown] = useState<{ detail?: SweepDetail; problems?: readonly Problem[] }>({})
  useEffect(() => {
    let wanted = true
    let asking = false
    let again = false
    async function ask() {
      again = asking
      if (asking) return
      asking = true
      try {
        const detail = await engine.sweep({ sweep: id })
        if (wanted) setKnown({ detail })
      } catch (error) {
        if (wanted) setKnown((old) => ({ ...old, problems: problemsOf(error) }))
      }
      asking = false
      if (again && wanted) void ask()
    }
    void ask()
    const stop = engine.subscribe((event) => {
      if (event.type === 'sweep' && event.id === id) void ask()
    })
    return () => {
      wanted = false
      stop()
    }
  }, [engine, id])
  return known
}
