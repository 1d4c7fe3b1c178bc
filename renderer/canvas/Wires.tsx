import { ViewportPortal } from '@xyflow/react'
import { useMemo, useRef } from 'react'
import { useCatalogue, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import type { FlowNode } from './flow-nodes.ts'
import { WireBatch } from './WireBatch.tsx'
import { cardPlaces, type Places, type WireLine, wireLines } from './wire-lines.ts'

/** So many wires can be pointed at from afar; more would cost frames, and lie too close. */
const mostPointedAt = 150
const batchSize = 64

/**
 * All wires in one drawing. As edges of React Flow each would be a drawing of its own, and a canvas of a thousand cards
 * could not be dragged smoothly.
 */
export function Wires({ nodes, openMenu }: { nodes: readonly FlowNode[]; openMenu: OpenMenu }) {
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const selection = useView((state) => state.selection)
  const compared = useView((state) => state.comparison !== null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: where cards stand changes no line
  const lines = useMemo(() => wireLines(document, cards), [document.nodes, document.edges, cards])
  const batches = useMemo(() => inBatches(lines), [lines])
  const before = useRef<Places>(undefined)
  const places = useMemo(() => cardPlaces(document, nodes, before.current), [document, nodes])
  before.current = places
  const many = lines.length > mostPointedAt
  const handlers = useWireHandlers(openMenu)
  return (
    <ViewportPortal>
      <svg className="wires" role="presentation" {...handlers}>
        {batches.map((batch) => (
          <WireBatch
            key={batch[0]!.id}
            lines={batch}
            places={places}
            selected={selectedOf(batch, selection)}
            many={many}
            compared={compared}
          />
        ))}
      </svg>
    </ViewportPortal>
  )
}

function inBatches(lines: readonly WireLine[]): readonly (readonly WireLine[])[] {
  return Array.from({ length: Math.ceil(lines.length / batchSize) }, (_, at) =>
    lines.slice(at * batchSize, (at + 1) * batchSize),
  )
}

const none: ReadonlySet<string> = new Set()

/** The chosen wires of a batch; the same object while there is none. */
function selectedOf(batch: readonly WireLine[], selection: ReadonlySet<string>): ReadonlySet<string> {
  return selection.size > 0 && batch.some(({ id }) => selection.has(id)) ? selection : none
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
