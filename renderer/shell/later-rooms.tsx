import { type ComponentType, createElement, lazy, Suspense, useState } from 'react'
import type { Room } from '../state/view-store.ts'
import { messages } from './messages.ts'

/** A component that is loaded when it is first shown, or ahead. */
type LaterComponent<C> = C & { readonly ahead: () => Promise<unknown> }

/** React holds back what it has begun to wait for by 0.3 s: what is there already is not waited for. */
function later<C extends ComponentType<never>>(load: () => Promise<C>): LaterComponent<C> {
  let loaded: C | undefined
  const ahead = async () => {
    loaded ??= await load()
    return { default: loaded as ComponentType<object> }
  }
  const Waiting = lazy(ahead)
  const Shown = (properties: object) => {
    const [component] = useState(() => (loaded as ComponentType<object> | undefined) ?? Waiting)
    return createElement(component, properties)
  }
  return Object.assign(Shown, { ahead }) as unknown as LaterComponent<C>
}

/** Rooms and viewers that are loaded when first shown. */
export const RunsRoom = later(async () => (await import('../runs/RunsRoom.tsx')).RunsRoom)
export const ModelsRoom = later(async () => (await import('../models/ModelsRoom.tsx')).ModelsRoom)
export const ReviewsRoom = later(async () => (await import('../reviews/ReviewsRoom.tsx')).ReviewsRoom)
export const QueueRoom = later(async () => (await import('../queue/QueueRoom.tsx')).QueueRoom)
export const LineageRoom = later(async () => (await import('../lineage/LineageRoom.tsx')).LineageRoom)
export const ReportView = later(async () => (await import('../report/ReportView.tsx')).ReportView)
export const HistoryDialog = later(async () => (await import('../history/HistoryDialog.tsx')).HistoryDialog)
export const TableViewer = later(async () => (await import('../table/TableViewer.tsx')).TableViewer)
export const TablePlot = later(async () => (await import('../dock/TablePlot.tsx')).TablePlot)

/** Viewers and rooms, one after the other, so that each is there at once. */
export async function loadAhead(): Promise<void> {
  for (const one of [TableViewer, ReportView, RunsRoom, ModelsRoom, ReviewsRoom, QueueRoom, LineageRoom])
    await one.ahead()
}

/** The rooms of the rail. */
export const rooms: readonly Room[] = ['build', 'runs', 'models', 'reviews', 'queue', 'lineage']

/** Around what is loaded later. */
export function Later({ children }: { children: React.ReactNode }) {
  return <Suspense fallback={<div className="empty">{messages.loading}</div>}>{children}</Suspense>
}
