import { useEffect, useState } from 'react'
import type { Engine, RunEvent } from '#contract'

/** A number that grows, at most twice a second, when a run or a step changed: what lists depend on. */
export function useRunPulse(engine: Engine): number {
  const [pulse, setPulse] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = engine.subscribe((event: RunEvent) => {
      if (event.type !== 'run' && event.type !== 'step') return
      timer ??= setTimeout(() => {
        timer = undefined
        setPulse((count) => count + 1)
      }, 500)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [engine])
  return pulse
}
