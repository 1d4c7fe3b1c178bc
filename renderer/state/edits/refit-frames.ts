import type { PipelineDocument } from '#contract'
import { placeOf } from './move-nodes.ts'

interface Size {
  readonly width: number
  readonly height: number
}

const side = 20
const head = 34

/** Frames around the nodes they held before these were moved; a frame that held none stays. */
export function refitFrames(
  before: PipelineDocument,
  after: PipelineDocument,
  sizeOf: (node: string) => Size,
): PipelineDocument {
  const frames = before.frames.map((frame) => {
    const held = Object.keys(after.nodes).filter((id) => {
      if (!Object.hasOwn(before.nodes, id)) return false
      const [x, y] = placeOf(before, id)
      const { width, height } = sizeOf(id)
      const [middleX, middleY] = [x + width / 2, y + height / 2]
      return (
        middleX > frame.x && middleX < frame.x + frame.width && middleY > frame.y && middleY < frame.y + frame.height
      )
    })
    if (held.length === 0) return frame
    const boxes = held.map((id) => ({ at: placeOf(after, id), size: sizeOf(id) }))
    const x = Math.round(Math.min(...boxes.map(({ at }) => at[0])) - side)
    const y = Math.round(Math.min(...boxes.map(({ at }) => at[1])) - head)
    const right = Math.max(...boxes.map(({ at, size }) => at[0] + size.width)) + side
    const bottom = Math.max(...boxes.map(({ at, size }) => at[1] + size.height)) + side
    return { ...frame, x, y, width: Math.round(right - x), height: Math.round(bottom - y) }
  })
  return { ...after, frames }
}
