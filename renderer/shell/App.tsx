import './shell.css'
import './narrow.css'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { Canvas } from '../canvas/Canvas.tsx'
import type { SteadyEngine } from '../client/steady-engine.ts'
import { dropFile } from '../commands/acts/drop-file.ts'
import { ConflictDialog } from '../conflicts/ConflictDialog.tsx'
import { CustomNodesSheet } from '../custom-nodes/CustomNodesSheet.tsx'
import { Dock } from '../dock/Dock.tsx'
import { NameStateDialog } from '../history/NameStateDialog.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { SidePanel } from '../outline/SidePanel.tsx'
import { QuickInsert } from '../palette/QuickInsert.tsx'
import { StartPage } from '../start/StartPage.tsx'
import type { Room } from '../state/view-store.ts'
import type { Workbench } from '../state/workbench.ts'
import { SweepSheet } from '../sweeps/SweepSheet.tsx'
import { applyTheme, watchSystemTheme } from '../theme/apply-theme.ts'
import { TourCard } from '../tour/TourCard.tsx'
import { Banners } from './Banners.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { ConnectList } from './ConnectList.tsx'
import { ContextMenu } from './ContextMenu.tsx'
import { FileDialog } from './FileDialog.tsx'
import { Guard } from './Guard.tsx'
import { KeySheet } from './KeySheet.tsx'
import { HistoryDialog, Later, LineageRoom, ModelsRoom, QueueRoom, ReviewsRoom, RunsRoom } from './later-rooms.tsx'
import { messages } from './messages.ts'
import { Notices } from './Notices.tsx'
import { Rail } from './Rail.tsx'
import { TopBar } from './TopBar.tsx'
import { useKeys } from './use-keys.ts'
import { useDocument, useFile, useView, useWorkbench, WorkbenchContext } from './workbench-context.ts'

export interface AppProps {
  readonly workbench: Workbench
  readonly connection: SteadyEngine['connection']
}

export function App({ workbench, connection }: AppProps) {
  useKeys(workbench)
  const overlay = useStore(workbench.view, (state) => state.overlay)
  return (
    <WorkbenchContext value={workbench}>
      <Theme />
      <WindowTitle />
      <div className="app">
        <TopBar />
        <Rail />
        <main className="room">
          <Heading />
          <Banners connection={connection} />
          <CurrentRoom />
        </main>
      </div>
      <QuickInsert />
      <ContextMenu />
      <Guard of={overlay}>
        <Overlays />
      </Guard>
      <FileDialog />
      <DropZone />
      <Notices />
    </WorkbenchContext>
  )
}

function CurrentRoom() {
  const room = useView((state) => state.room)
  if (room === 'start')
    return (
      <Guard>
        <StartPage />
      </Guard>
    )
  if (room === 'build') return <BuildRoom />
  return (
    <div className="later-room">
      <Guard of={room}>
        <Later>
          <LaterRoom room={room} />
        </Later>
      </Guard>
    </div>
  )
}

function LaterRoom({ room }: { room: Room }) {
  const { engine, host, view } = useWorkbench()
  const openRun = useView((state) => state.openRun)
  const lineageOf = useView((state) => state.lineageOf)
  const path = useDocument((state) => state.path)
  const onOpenRun = (run: string) => view.set({ room: 'runs', openRun: run })
  const onLineage = (of: string) => view.set({ room: 'lineage', lineageOf: of })
  if (room === 'runs')
    return (
      <RunsRoom
        engine={engine}
        run={openRun}
        onOpenRun={onOpenRun}
        onLineage={onLineage}
        saveFile={host.saveFile}
        {...(path === null ? {} : { file: path })}
      />
    )
  if (room === 'models')
    return <ModelsRoom engine={engine} onOpenRun={onOpenRun} onLineage={onLineage} saveFile={host.saveFile} />
  if (room === 'reviews') return <ReviewsRoom engine={engine} onOpenRun={onOpenRun} saveFile={host.saveFile} />
  if (room === 'queue') return <QueueRoom engine={engine} />
  return <LineageRoom engine={engine} {...(lineageOf === null ? {} : { of: lineageOf })} />
}

function BuildRoom() {
  const palette = useView((state) => state.paletteOpen)
  const inspector = useView((state) => state.inspectorOpen)
  const dock = useView((state) => state.dockOpen)
  const width = useView((state) => state.inspectorWidth)
  const height = useView((state) => state.dockHeight)
  const sizes = { '--size-inspector': `${width}px`, '--size-dock': `${height}px` } as React.CSSProperties
  return (
    <div
      className="build"
      style={sizes}
      data-palette={palette || undefined}
      data-inspector={inspector || undefined}
      data-dock={dock || undefined}
    >
      {palette && (
        <Guard>
          <SidePanel />
        </Guard>
      )}
      <Guard>
        <Canvas />
      </Guard>
      <Dock />
      <TourCard />
      {inspector && <Inspector />}
    </div>
  )
}

/** What the page is about, for those who hear it. */
function Heading() {
  const name = useFile((state) => (state.path === null ? messages.app : state.document.name))
  const room = useView((state) => state.room)
  return <h1 className="visually-hidden">{room === 'start' ? messages.app : `${name}, ${messages.rooms[room]}`}</h1>
}

function Overlays() {
  const overlay = useView((state) => state.overlay)
  if (overlay === 'commands') return <CommandPalette />
  if (overlay === 'keys') return <KeySheet />
  if (overlay === 'connect') return <ConnectList />
  if (overlay === 'conflicts') return <ConflictDialog />
  if (overlay === 'name-state') return <NameStateDialog />
  if (overlay === 'history')
    return (
      <Later>
        <HistoryDialog />
      </Later>
    )
  if (overlay === 'sweep') return <SweepSheet />
  if (overlay === 'custom-nodes') return <CustomNodesSheet />
  return null
}

function Theme() {
  const theme = useView((state) => state.theme)
  useEffect(() => {
    applyTheme(theme)
    return watchSystemTheme(() => applyTheme(theme))
  }, [theme])
  return null
}

function WindowTitle() {
  const { file, host } = useWorkbench()
  useEffect(() => {
    function show() {
      const { path, document } = file.getState()
      host.setTitle(path === null ? messages.app : `${document.name} – ${messages.app}`)
    }
    show()
    return file.subscribe(show)
  }, [file, host])
  return null
}

/** Takes files dropped anywhere on the window. */
function DropZone() {
  const workbench = useWorkbench()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    function dragged(event: DragEvent) {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    function left(event: DragEvent) {
      if (event.relatedTarget === null) setOver(false)
    }
    function dropped(event: DragEvent) {
      setOver(false)
      if (!hasFiles(event)) return
      event.preventDefault()
      for (const file of event.dataTransfer?.files ?? []) void dropFile(workbench, file)
    }
    window.addEventListener('dragover', dragged)
    window.addEventListener('dragleave', left)
    window.addEventListener('drop', dropped)
    return () => {
      window.removeEventListener('dragover', dragged)
      window.removeEventListener('dragleave', left)
      window.removeEventListener('drop', dropped)
    }
  }, [workbench])
  return over && <div className="drop-veil">{messages.start.dropNow}</div>
}
