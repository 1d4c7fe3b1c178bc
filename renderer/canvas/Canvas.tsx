import '@xyflow/react/dist/base.css'
import './node-card.css'
import './ports.css'
import './wires.css'
import './canvas.css'
import {
  Background,
  MiniMap,
  type NodeTypes,
  type OnMove,
  ReactFlow,
  ReactFlowProvider,
  type Viewport,
} from '@xyflow/react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { dropOn } from '../commands/acts/insert-between.ts'
import { insertNode } from '../commands/acts/insert-node.ts'
import { LevelCrumbs } from '../groups/LevelCrumbs.tsx'
import { ComparisonLayer } from '../history/ComparisonLayer.tsx'
import { messages } from '../shell/messages.ts'
import { useDocument, useLevel, useRuns, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeFace } from '../state/node-face.ts'
import { isRunning } from '../state/run-store.ts'
import type { Menu } from '../state/view-store.ts'
import { CanvasBridge } from './CanvasBridge.tsx'
import { draggedNodeType } from './dragged-node.ts'
import { dropTarget } from './drop-target.ts'
import { FrameCard } from './FrameCard.tsx'
import { farViewport, fitOptions, leastZoom, mostZoom } from './far-viewport.ts'
import type { FlowNode } from './flow-nodes.ts'
import { LooseWire } from './LooseWire.tsx'
import { NodeCard } from './NodeCard.tsx'
import { NoteCard } from './NoteCard.tsx'
import { useDetailWave, WaveProvider } from './use-detail.ts'
import { useFlowNodes } from './use-flow-nodes.ts'
import { useWiring } from './use-wiring.ts'
import { type OpenMenu, Wires } from './Wires.tsx'
import { ZoomBar } from './ZoomBar.tsx'

const nodeTypes: NodeTypes = { step: NodeCard, frame: FrameCard, note: NoteCard }
const multiSelectionKeys = ['Meta', 'Control', 'Shift']
const manyNodes = 150

/** The canvas of the open pipeline. */
export function Canvas() {
  const path = useDocument((state) => state.path)
  const level = useLevel((state) => state.path)
  return (
    <ReactFlowProvider key={[path, ...level].join('/')}>
      <Flow />
    </ReactFlowProvider>
  )
}

function Flow() {
  const root = useRef<HTMLDivElement>(null)
  const opening = useOpening(root)
  const places = usePlaces(root)
  const running = useRuns(isRunning)
  return (
    <div ref={root} className="canvas" data-running={running || undefined} {...places.drop}>
      {opening && <Graph root={root} opening={opening} places={places} />}
      <LevelCrumbs />
      <ZoomBar />
    </div>
  )
}

interface Opening {
  /** Undefined where the cards are measured first, to fit them. */
  readonly far: Viewport | undefined
}

/** How the canvas opens, once it is known how large it is; cards are not drawn larger before they are drawn small. */
function useOpening(root: React.RefObject<HTMLDivElement | null>): Opening | null {
  const { documents, view } = useWorkbench()
  const [opening, setOpening] = useState<Opening | null>(null)
  useLayoutEffect(() => {
    const far = farViewport(documents.getState().document, root.current!.getBoundingClientRect())
    view.set({ zoom: shownZoom(far?.zoom ?? 1) })
    setOpening({ far })
  }, [root, documents, view])
  return opening
}

const shownZoom = (zoom: number) => Math.round(zoom * 100) / 100

interface GraphProps {
  readonly root: React.RefObject<HTMLDivElement | null>
  readonly opening: Opening
  readonly places: ReturnType<typeof usePlaces>
}

function Graph({ root, opening: { far }, places }: GraphProps) {
  const { view } = useWorkbench()
  const { nodes, ...nodeHandlers } = useFlowNodes(root, far !== undefined)
  const wiring = useWiring(root)
  const wave = useDetailWave()
  const onMove: OnMove = useCallback(
    (_, { zoom }) => {
      const rounded = shownZoom(zoom)
      if (view.getState().zoom !== rounded) view.set({ zoom: rounded })
    },
    [view],
  )
  return (
    <WaveProvider value={wave}>
      <ReactFlow<FlowNode>
        nodes={nodes}
        {...nodeHandlers}
        {...wiring}
        {...places.menus}
        onPaneClick={() => view.select([])}
        onNodeClick={(event, { id }) => {
          if (!(event.shiftKey || event.ctrlKey || event.metaKey)) view.select([id])
        }}
        nodeTypes={nodeTypes}
        connectionLineComponent={LooseWire}
        onMove={onMove}
        onInit={(flow) => onMove(null, flow.getViewport())}
        aria-label={messages.canvas.label}
        minZoom={leastZoom}
        maxZoom={mostZoom}
        {...(far ? { defaultViewport: far } : { fitView: true, fitViewOptions: fitOptions })}
        connectionRadius={26}
        deleteKeyCode={null}
        multiSelectionKeyCode={multiSelectionKeys}
        disableKeyboardA11y
        nodesFocusable={false}
        elevateNodesOnSelect={false}
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > manyNodes}
        proOptions={{ hideAttribution: true }}
      >
        <Dots />
        <Wires nodes={nodes} openMenu={places.openMenu} />
        <Overview />
        <ComparisonLayer />
        <CanvasBridge root={root} />
      </ReactFlow>
      {nodes.length === 0 && (
        <div className="canvas-empty">
          <h2>{messages.canvas.empty}</h2>
          <p>{messages.canvas.emptyHow}</p>
        </div>
      )}
    </WaveProvider>
  )
}

/** Dots that stay visible when the canvas is small. */
function Dots() {
  const zoom = useView((state) => state.zoom)
  return <Background gap={22} size={Math.max(1.4, 1.1 / zoom)} color="var(--grid-dot)" />
}

/** Double click, context menus and nodes dragged in from the palette. */
function usePlaces(root: React.RefObject<HTMLDivElement | null>) {
  const workbench = useWorkbench()
  const { view, canvas } = workbench
  useEffect(() => {
    const pane = root.current
    function doubleClicked(event: MouseEvent) {
      if (!(event.target as Element).classList.contains('react-flow__pane')) return
      const screen = [event.clientX, event.clientY] as const
      view.set({ quickInsert: { screen, flow: canvas.current?.toFlow(screen) ?? [0, 0] } })
    }
    pane?.addEventListener('dblclick', doubleClicked)
    return () => pane?.removeEventListener('dblclick', doubleClicked)
  }, [root, view, canvas])
  return useMemo(() => {
    const open = (about: Menu['about'], event: MouseEvent | React.MouseEvent, id?: string) => {
      event.preventDefault()
      if (id !== undefined && !view.getState().selection.has(id)) view.select([id])
      const screen = [event.clientX, event.clientY] as const
      view.set({ menu: { about, screen, flow: canvas.current?.toFlow(screen) ?? [0, 0] } })
    }
    return {
      openMenu: open as OpenMenu,
      menus: {
        onPaneContextMenu: (event: MouseEvent | React.MouseEvent) => open('canvas', event),
        onNodeContextMenu: (event: React.MouseEvent, node: FlowNode) => open('node', event, node.id),
      },
      drop: {
        onDragOver: (event: React.DragEvent) => {
          if (!event.dataTransfer.types.includes(draggedNodeType)) return
          event.preventDefault()
          event.dataTransfer.dropEffect = 'copy'
        },
        onDrop: (event: React.DragEvent) => {
          const type = event.dataTransfer.getData(draggedNodeType)
          if (type === '' || !canvas.current) return
          event.preventDefault()
          const screen = [event.clientX, event.clientY] as const
          const [x, y] = canvas.current.toFlow(screen)
          const id = dropOn(workbench, type, dropTarget(screen)) ?? insertNode(workbench, type, [x - 99, y - 20])
          if (id !== undefined) requestAnimationFrame(() => canvas.current?.focus(id))
        },
      },
    }
  }, [workbench, view, canvas])
}

function Overview() {
  const { runs, checks } = useWorkbench()
  const colour = useCallback(
    (node: FlowNode) => {
      if (node.type !== 'step') return 'transparent'
      const { state } = nodeFace(node.id, checks.getState().check?.nodes[node.id], runs.getState())
      return state === 'failed' || state === 'gate' ? 'var(--bad)' : 'var(--minimap-node)'
    },
    [runs, checks],
  )
  return (
    <MiniMap<FlowNode>
      ariaLabel={messages.canvas.minimap}
      pannable
      zoomable
      nodeColor={colour}
      nodeStrokeWidth={0}
      nodeBorderRadius={6}
      style={{ width: 150, height: 92 }}
    />
  )
}
