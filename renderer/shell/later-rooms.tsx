import { lazy, Suspense } from 'react'
import type { Engine, HostApi, ReportBlock } from '#contract'
import type { Room } from '../state/view-store.ts'
import { messages } from './messages.ts'

/** Rooms and viewers that are loaded when first shown. One whose file is not there is left out. */
const files = import.meta.glob<Readonly<Record<string, React.ComponentType<never>>>>([
  '../runs/RunsRoom.tsx',
  '../models/ModelsRoom.tsx',
  '../reviews/ReviewsRoom.tsx',
  '../lineage/LineageRoom.tsx',
  '../monitor/MonitorRoom.tsx',
  '../report/ReportView.tsx',
  '../table/TableViewer.tsx',
])

function later<Props>(file: string, name: string): React.ComponentType<Props> | null {
  const load = files[file]
  if (!load) return null
  return lazy(async () => ({ default: (await load())[name] as unknown as React.ComponentType<Props> }))
}

/** Around what is loaded later. */
export function Later({ children }: { children: React.ReactNode }) {
  return <Suspense fallback={<div className="empty">{messages.loading}</div>}>{children}</Suspense>
}

interface EngineProps {
  readonly engine: Engine
}
interface RoomProps extends EngineProps {
  onOpenRun(run: string): void
}
interface WithLineage {
  onLineage(of: string): void
}
interface WithFiles {
  readonly saveFile: HostApi['saveFile']
}
export const RunsRoom = later<RoomProps & WithLineage & WithFiles & { run: string | null }>(
  '../runs/RunsRoom.tsx',
  'RunsRoom',
)
export const ModelsRoom = later<RoomProps & WithLineage>('../models/ModelsRoom.tsx', 'ModelsRoom')
export const ReviewsRoom = later<RoomProps & WithFiles>('../reviews/ReviewsRoom.tsx', 'ReviewsRoom')
export const LineageRoom = later<EngineProps & { of: string }>('../lineage/LineageRoom.tsx', 'LineageRoom')
export const MonitorRoom = later<EngineProps>('../monitor/MonitorRoom.tsx', 'MonitorRoom')
export const ReportView = later<{ blocks: readonly ReportBlock[] }>('../report/ReportView.tsx', 'ReportView')
export const TableViewer = later<EngineProps & { table: string }>('../table/TableViewer.tsx', 'TableViewer')

const rooms: Partial<Record<Room, unknown>> = {
  start: true,
  build: true,
  runs: RunsRoom,
  models: ModelsRoom,
  reviews: ReviewsRoom,
  monitor: MonitorRoom,
  lineage: LineageRoom,
}

export function roomExists(room: Room): boolean {
  return Boolean(rooms[room])
}
