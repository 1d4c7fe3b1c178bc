import { useEffect, useState } from 'react'
import type { CustomNodes } from '#contract'
import { useWorkbench } from '../shell/workbench-context.ts'

/** The project's own nodes as the engine sees them now; undefined until it has said so. */
export function useCustomNodes(): CustomNodes | undefined {
  const { engine, notices } = useWorkbench()
  const [known, setKnown] = useState<CustomNodes>()
  useEffect(() => {
    let wanted = true
    const ask = () => {
      engine.customNodes().then((found) => wanted && setKnown(found), notices.complain)
    }
    ask()
    const stop = engine.subscribe((event) => event.type === 'catalogue' && ask())
    return () => {
      wanted = false
      stop()
    }
  }, [engine, notices])
  return known
}
