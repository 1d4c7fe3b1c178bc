import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { PipelineEdge, PortType } from '#contract'
import { useWireMark } from '../history/use-mark.ts'
import { useCatalogue, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import { plainBelowZoom, speckBelowZoom } from '../state/view-store.ts'
import { WireMark } from '../wires/WireMark.tsx'
import type { FlowNode } from './flow-nodes.ts'
import { useNodeFace } from './use-node-face.ts'
import { type CardPlace, cardPlaces, type WireLine, wireLines } from './wire-lines.ts'
import { wireMiddle, wirePath } from './wire-path.ts'

/** So many wires can be pointed at from afar; more would cost frames, and lie too close. */
const mostPointedAt = 150

/**
 * All wires in one drawing. As edges of React Flow each would be a drawing of its own, and a canvas of a thousand cards
 * could not be dragged smoothly.
 */
export function Wires({ nodes, openMenu }: { nodes: readonly FlowNode[]; openMenu: OpenMenu }) {
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const selection = useView((state) => state.selection)
  const far = useView((state) => state.zoom < plainBelowZoom)
  const bundled = useView((state) => state.zoom < speckBelowZoom && state.comparison === null)
  const lines = useMemo(() => wireLines(document, cards), [document, cards])
  const places = useMemo(() => cardPlaces(document, nodes), [document, nodes])
  const plain = far && lines.length > mostPointedAt
  const handlers = useWireHandlers(openMenu)
  return (
    <ViewportPortal>
      <svg className="wires" role="presentation" {...handlers}>
        {bundled && <WireBundles lines={lines} places={places} />}
        {(bundled ? lines.filter(({ id }) => selection.has(id)) : lines).map((line) => {
          const ends = wireEnds(line, places)
          if (!ends) return null
          const { id, target, type, label, asserted } = line
          return (
            <Wire
              key={id}
              id={id}
              target={target}
              label={label}
              type={type}
              selected={selection.has(id)}
              plain={plain}
              path={wirePath(...ends)}
              {...(asserted && !plain ? { asserted, middle: wireMiddle(...ends).join() } : {})}
            />
          )
        })}
      </svg>
    </ViewportPortal>
  )
}

/** Wires too small to be told apart, a drawing for each kind. */
function WireBundles({ lines, places }: { lines: readonly WireLine[]; places: ReadonlyMap<string, CardPlace> }) {
  const bundles = new Map<PortType, string>()
  for (const line of lines) {
    const ends = wireEnds(line, places)
    if (ends) bundles.set(line.type, `${bundles.get(line.type) ?? ''}${wirePath(...ends)}`)
  }
  return [...bundles].map(([type, path]) => (
    <path key={type} className="wire-line" d={path} stroke={`var(--port-${type})`} />
  ))
}

/** Where a wire begins and ends; undefined when one of its nodes is not there. */
function wireEnds({ source, target, sourceY, targetY }: WireLine, places: ReadonlyMap<string, CardPlace>) {
  const [from, to] = [places.get(source), places.get(target)]
  return from && to && ([from.right, from.y + sourceY, to.x, to.y + targetY] as const)
}

export type OpenMenu = (about: 'wire', event: React.MouseEvent, id: string) => void

const wireAt = (event: React.MouseEvent) => (event.target as Element).closest<SVGElement>('[data-wire]')?.dataset.wire

function useWireHandlers(openMenu: OpenMenu) {
  const { view } = useWorkbench()
  return useMemo(
    () => ({
      onClick(event: React.MouseEvent) {
        const id = wireAt(event)
        if (id === undefined) return
        const several = event.shiftKey || event.ctrlKey || event.metaKey
        const chosen = new Set(several ? view.getState().selection : [])
        if (several && chosen.has(id)) chosen.delete(id)
        else chosen.add(id)
        view.select(chosen)
      },
      onContextMenu(event: React.MouseEvent) {
        const id = wireAt(event)
        if (id !== undefined) openMenu('wire', event, id)
      },
    }),
    [view, openMenu],
  )
}

interface WireProps {
  readonly id: string
  readonly target: string
  readonly label: string
  readonly type: PortType
  readonly selected: boolean
  /** Too small to be pointed at. */
  readonly plain: boolean
  readonly path: string
  readonly asserted?: PipelineEdge
  /** Where its mark stands, as text so that equal places compare equal. */
  readonly middle?: string
}

/** A wire in its type's colour; dashed where what it carries is old or never came. */
const Wire = memo(function Wire({ id, target, label, type, selected, plain, path, asserted, middle }: WireProps) {
  const { state } = useNodeFace(target)
  const mark = useWireMark(id)
  const dashed = state === 'stale' || state === 'cancelled' || state === 'skipped'
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a drawn line, whatever its clicks do
    <g
      className="wire"
      data-wire={id}
      data-selected={selected || undefined}
      data-mark={mark}
      role="img"
      aria-label={label}
    >
      <path className="wire-line" d={path} stroke={`var(--port-${type})`} data-dashed={dashed || undefined} />
      {!plain && <path className="wire-hit" d={path} />}
      {asserted && middle !== undefined && <WireMark wire={asserted} at={middle} />}
    </g>
  )
})
