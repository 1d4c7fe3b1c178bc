import { getViewportForBounds, type Viewport } from '@xyflow/react'
import type { PipelineDocument } from '#contract'
import { placeOf } from '../state/edits/move-nodes.ts'
import { plainBelowZoom } from '../state/view-store.ts'
import { cardWidth, usualHeight } from './port-place.ts'

export const leastZoom = 0.08
export const mostZoom = 2
export const fitOptions = { padding: 0.06, maxZoom: 1 }

/**
 * What shows the whole of a document in a window that can only show it with plain cards. Undefined where cards are drawn in
 * full: those are measured first.
 */
export function farViewport(
  document: PipelineDocument,
  { width, height }: { readonly width: number; readonly height: number },
): Viewport | undefined {
  const { left, top, right, bottom } = boundsOf(document)
  const bounds = { x: left, y: top, width: right - left, height: bottom - top }
  if (!(bounds.width > 0) || width === 0 || height === 0) return undefined
  const viewport = getViewportForBounds(bounds, width, height, leastZoom, fitOptions.maxZoom, fitOptions.padding)
  return viewport.zoom < plainBelowZoom ? viewport : undefined
}

function boundsOf(document: PipelineDocument) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  const add = (x: number, y: number, width: number, height: number) => {
    bounds.left = Math.min(bounds.left, x)
    bounds.top = Math.min(bounds.top, y)
    bounds.right = Math.max(bounds.right, x + width)
    bounds.bottom = Math.max(bounds.bottom, y + height)
  }
  for (const id of Object.keys(document.nodes)) add(...placeOf(document, id), cardWidth, usualHeight)
  for (const { x, y, width, height } of document.frames) add(x, y, width, height)
  for (const { x, y } of document.notes) add(x, y, cardWidth, usualHeight)
  return bounds
}
