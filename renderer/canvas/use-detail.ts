import { useStoreApi } from '@xyflow/react'
import { createContext, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { useWorkbench } from '../shell/workbench-context.ts'
import { createDetailWave, type Detail, type DetailWave, detailAt } from './detail-wave.ts'
import { cardWidth, usualHeight } from './port-place.ts'

const WaveContext = createContext<DetailWave | null>(null)
export const WaveProvider = WaveContext.Provider

/** How much of it to draw, which changes some frames after the zoom where there are many. */
export function useDetail(key: string): Detail {
  const wave = useContext(WaveContext)!
  const follow = useCallback((changed: () => void) => wave.follow(key, changed), [wave, key])
  return useSyncExternalStore(follow, () => wave.of(key))
}

const batchKey = 'wires:'
/** The key of some wires that are drawn together. */
export const keyOfWires = (first: string): string => batchKey + first

/** What the canvas has not moved for so long stands still. */
const stillAfterMs = 150

/** The wave of this canvas: cards in sight from the middle of the window outwards, then the others, and the wires. */
export function useDetailWave(): DetailWave {
  const { view } = useWorkbench()
  const flow = useStoreApi()
  const wave = useMemo(() => {
    let [moved, shown] = [0, flow.getState().transform]
    const still = () => {
      const now = performance.now()
      if (shown !== flow.getState().transform) [moved, shown] = [now, flow.getState().transform]
      return now - moved > stillAfterMs
    }
    const inSight = (keys: readonly string[]) => {
      const { width, height, transform, nodeLookup } = flow.getState()
      const [left, top, zoom] = transform
      const far = (key: string) => {
        const place = nodeLookup.get(key)?.internals.positionAbsolute
        if (!place) return Infinity
        const across = (place.x + cardWidth / 2) * zoom + left - width / 2
        const down = (place.y + usualHeight / 2) * zoom + top - height / 2
        const beyond = Math.max(
          Math.abs(across) - (width + cardWidth * zoom) / 2,
          Math.abs(down) - (height + usualHeight * zoom) / 2,
        )
        return beyond > 0 ? Infinity : Math.hypot(across, down)
      }
      const places = keys.map((key) => [key, far(key)] as const).filter(([, distance]) => distance < Infinity)
      return places.toSorted(([, a], [, b]) => a - b).map(([key]) => key)
    }
    return createDetailWave({
      first: detailAt(view.getState().zoom),
      inSight,
      still,
      cost: (key, detail) => (key.startsWith(batchKey) ? 8 : detail === 'full' ? 1 : 0.3),
      nextFrame: requestAnimationFrame,
    })
  }, [flow, view])
  useEffect(() => {
    const aim = () => wave.aim(detailAt(view.getState().zoom))
    aim()
    return view.subscribe(aim)
  }, [wave, view])
  return wave
}
