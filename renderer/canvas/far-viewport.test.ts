import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { plainBelowZoom } from '../state/view-store.ts'
import { farViewport, leastZoom } from './far-viewport.ts'

const window = { width: 800, height: 600 }
const withNodes = (layout: PipelineDocument['layout']): PipelineDocument => ({
  ...emptyDocument('Far'),
  nodes: Object.fromEntries(Object.keys(layout).map((id) => [id, { type: 'data/example', version: 1, params: {} }])),
  layout,
})

describe('how the canvas opens', () => {
  it('is left to the measured cards where these can be drawn in full', () => {
    expect(farViewport(withNodes({ a: [0, 0], b: [300, 100] }), window)).toBeUndefined()
    expect(farViewport(emptyDocument('Empty'), window)).toBeUndefined()
  })

  it('is known before anything is drawn where the window is hidden', () => {
    expect(farViewport(withNodes({ a: [0, 0], b: [30_000, 0] }), { width: 0, height: 0 })).toBeUndefined()
  })

  it('counts what stands beside the nodes', () => {
    const document = { ...withNodes({ a: [0, 0] }), notes: [{ x: 6_000, y: 0, text: 'far away' }] }
    expect(farViewport(document, window)!.zoom).toBeLessThan(plainBelowZoom)
  })

  it('shows every card of a large pipeline, unless it would be smaller than the canvas goes', () => {
    const place = fc.tuple(fc.integer({ min: -4_000, max: 4_000 }), fc.integer({ min: -2_500, max: 2_500 }))
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (places) => {
        const layout = Object.fromEntries(places.map((one, index) => [`n${index}`, one]))
        const view = farViewport(withNodes(layout), window)
        if (!view || view.zoom <= leastZoom) return
        for (const [x, y] of places) {
          expect(x * view.zoom + view.x).toBeGreaterThanOrEqual(-0.5)
          expect((x + 198) * view.zoom + view.x).toBeLessThanOrEqual(window.width + 0.5)
          expect(y * view.zoom + view.y).toBeGreaterThanOrEqual(-0.5)
          expect(y * view.zoom + view.y).toBeLessThanOrEqual(window.height + 0.5)
        }
      }),
    )
  })
})
