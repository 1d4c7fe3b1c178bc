import { useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import { useWorkbench } from '../shell/workbench-context.ts'

const motionMs = 240

/** Lets commands ask the canvas while it is on screen. */
export function CanvasBridge({ root }: { root: React.RefObject<HTMLDivElement | null> }) {
  const { canvas } = useWorkbench()
  const flow = useReactFlow()
  useEffect(() => {
    const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : motionMs
    canvas.current = {
      fit: (nodes) =>
        void flow.fitView({
          duration,
          padding: 0.06,
          maxZoom: 1,
          ...(nodes ? { nodes: nodes.map((id) => ({ id })) } : {}),
        }),
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: duration / 2 }),
      zoomTo: (zoom) => void flow.zoomTo(zoom, { duration: duration / 2 }),
      center: () => {
        const box = root.current?.getBoundingClientRect()
        const middle = box ? { x: box.left + box.width / 2 - 99, y: box.top + box.height / 2 - 60 } : { x: 0, y: 0 }
        const { x, y } = flow.screenToFlowPosition(middle)
        return [x, y]
      },
      toScreen: ([x, y]) => {
        const point = flow.flowToScreenPosition({ x, y })
        return [point.x, point.y]
      },
      toFlow: ([x, y]) => {
        const point = flow.screenToFlowPosition({ x, y })
        return [point.x, point.y]
      },
      sizeOf: (node) => {
        const measured = flow.getInternalNode(node)?.measured
        return { width: measured?.width ?? 198, height: measured?.height ?? 90 }
      },
      reveal: (node) => {
        const inner = flow.getInternalNode(node)
        const box = root.current?.getBoundingClientRect()
        if (!inner || !box) return
        const { x, y } = inner.internals.positionAbsolute
        const point = flow.flowToScreenPosition({ x, y })
        const seen =
          point.x > box.left + 10 && point.x < box.right - 210 && point.y > box.top + 10 && point.y < box.bottom - 110
        if (!seen) void flow.setCenter(x + 99, y + 45, { zoom: Math.max(flow.getZoom(), 0.6), duration })
      },
      focus: (node) => focusSoon(root, node),
    }
    return () => {
      canvas.current = null
    }
  }, [canvas, flow, root])
  return null
}

/** A node just added can take the focus only after it was measured, a few frames later. */
function focusSoon(root: React.RefObject<HTMLDivElement | null>, node: string, tries = 12) {
  const card = root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(node)}"]`)
  card?.focus({ preventScroll: true })
  if (tries > 0 && (!card || document.activeElement !== card))
    requestAnimationFrame(() => focusSoon(root, node, tries - 1))
}
