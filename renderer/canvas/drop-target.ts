import type { PipelineEdge } from '#contract'
import { wireOfId } from '../state/edits/connect.ts'

/** The wire or the card at a point of the screen, looking through `except`. */
export function dropTarget(
  [x, y]: readonly [x: number, y: number],
  except?: string,
): { readonly wire?: PipelineEdge; readonly node?: string } {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>('[data-node]')?.dataset.node
    if (node !== undefined && node !== except) return { node }
    const wire = element.closest<SVGElement>('[data-wire]')?.dataset.wire
    if (wire !== undefined) return { wire: wireOfId(wire) }
  }
  return {}
}
