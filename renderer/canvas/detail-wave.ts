import { plainBelowZoom, speckBelowZoom } from '../state/view-store.ts'

/** How much of a card, or of a wire, is drawn. */
export type Detail = 'speck' | 'plain' | 'full'

export const detailAt = (zoom: number): Detail =>
  zoom < speckBelowZoom ? 'speck' : zoom < plainBelowZoom ? 'plain' : 'full'

/**
 * Cards turn plain or full a few in each frame, and only those in sight while the canvas moves: hundreds at once would take
 * a frame that everyone sees. The others turn once it stands still.
 */
export interface DetailWave {
  /** How the one with this key is to be drawn now. */
  of(key: string): Detail
  /** Joins the wave; gives what ends that. */
  follow(key: string, changed: () => void): () => void
  /** From here on all are to be drawn so. */
  aim(detail: Detail): void
}

interface WaveOptions {
  readonly first: Detail
  /** Which of these are in sight, those first that are looked at. */
  inSight(keys: readonly string[]): readonly string[]
  /** Whether the canvas does not move. */
  still(): boolean
  /** What it costs to draw the one with this key so, in full cards. */
  cost(key: string, detail: Detail): number
  nextFrame(step: () => void): void
}

/** Full cards a frame. */
const budget = 6

export function createDetailWave({ first, inSight, still, cost, nextFrame }: WaveOptions): DetailWave {
  const followers = new Map<string, () => void>()
  /** Those that are still drawn as before. */
  const late = new Map<string, Detail>()
  let target = first
  let under = false

  function step(): void {
    const keys = [...late.keys()]
    const seen = inSight(keys)
    let spent = 0
    for (const key of seen.length === 0 && still() ? keys : seen) {
      if (spent >= budget) break
      late.delete(key)
      spent += cost(key, target)
      followers.get(key)?.()
    }
    under = late.size > 0
    if (under) nextFrame(step)
  }

  return {
    of: (key) => late.get(key) ?? target,
    follow(key, changed) {
      followers.set(key, changed)
      return () => {
        if (followers.get(key) !== changed) return
        followers.delete(key)
        late.delete(key)
      }
    },
    aim(detail) {
      if (detail === target) return
      for (const key of followers.keys()) {
        const shown = late.get(key) ?? target
        if (shown === detail) late.delete(key)
        else late.set(key, shown)
      }
      target = detail
      if (under || late.size === 0) return
      under = true
      nextFrame(step)
    },
  }
}
