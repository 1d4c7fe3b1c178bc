import { lazy, Suspense } from 'react'
import type { Room } from '../state/view-store.ts'
import { messages } from './messages.ts'

/** Rooms and viewers that are loaded when first shown. */
export const RunsRoom = lazy(async () => ({ default: (await import('../runs/RunsRoom.tsx')).RunsRoom }))
export const ModelsRoom = lazy(async () => ({ default: (await import('../models/ModelsRoom.tsx')).ModelsRoom }))
export const ReviewsRoom = lazy(async () => ({ default: (await import('../reviews/ReviewsRoom.tsx')).ReviewsRoom }))
export const QueueRoom = lazy(async () => ({ default: (await import('../queue/QueueRoom.tsx')).QueueRoom }))
export const LineageRoom = lazy(async () => ({ default: (await import('../lineage/LineageRoom.tsx')).LineageRoom }))
export const ReportView = lazy(async () => ({ default: (await import('../report/ReportView.tsx')).ReportView }))
export const HistoryDialog = lazy(async () => ({
  default: (await import('../history/HistoryDialog.tsx')).HistoryDialog,
}))
/** Loads the viewer ahead, so that the first table is there at once. */
export const loadTableViewer = () => import('../table/TableViewer.tsx')
export const TableViewer = lazy(async () => ({ default: (await loadTableViewer()).TableViewer }))

export const TablePlot = lazy(async () => ({ default: (await import('../dock/TablePlot.tsx')).TablePlot }))

/** The rooms of the rail. */
export const rooms: readonly Room[] = ['build', 'runs', 'models', 'reviews', 'queue', 'lineage']

/** Around what is loaded later. */
export function Later({ children }: { children: React.ReactNode }) {
  return <Suspense fallback={<div className="empty">{messages.loading}</div>}>{children}</Suspense>
}
