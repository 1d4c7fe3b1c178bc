import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { isCompressed, rowHeight, scrollRange, scrollTopOf, topRow } from './scroll-range.ts'

export interface GridScroll {
  /** The row at the upper edge, with its hidden fraction. */
  readonly top: number
  readonly left: number
  readonly width: number
  /** Height for rows, in pixels. */
  readonly viewport: number
  showTop(row: number): void
  /** Brings a stretch of the width into view; the first column of row numbers stays. */
  showColumn(from: number, to: number): void
}

/** Where a grid is scrolled to, in rows; follows the wheel by hand where one pixel of the bar is many rows. */
export function useGridScroll(place: RefObject<HTMLElement | null>, rows: number, headHeight: number): GridScroll {
  const [view, setView] = useState({ top: 0, left: 0, width: 800, viewport: 300 })
  const exact = useRef<number | null>(null)

  useEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => {
      const viewport = Math.max(element.clientHeight - headHeight, rowHeight)
      const range = scrollRange(rows, viewport)
      const top = exact.current ?? topRow(range, element.scrollTop)
      exact.current = null
      setView({ top, left: element.scrollLeft, width: element.clientWidth, viewport })
    }
    const onWheel = (event: WheelEvent) => {
      const range = scrollRange(rows, Math.max(element.clientHeight - headHeight, rowHeight))
      if (!isCompressed(range) || event.deltaY === 0 || event.ctrlKey) return
      event.preventDefault()
      setView((old) => {
        const last = rows - range.viewport / rowHeight
        const top = Math.min(Math.max(old.top + event.deltaY / rowHeight, 0), last)
        exact.current = top
        element.scrollTop = scrollTopOf(range, top)
        return { ...old, top }
      })
    }
    measure()
    element.addEventListener('scroll', measure, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', measure)
      element.removeEventListener('wheel', onWheel)
      observer.disconnect()
    }
  }, [place, rows, headHeight])

  const showTop = useCallback(
    (row: number) => {
      const element = place.current
      if (!element) return
      const range = scrollRange(rows, Math.max(element.clientHeight - headHeight, rowHeight))
      const before = element.scrollTop
      element.scrollTop = scrollTopOf(range, row)
      if (isCompressed(range)) {
        exact.current = element.scrollTop === before ? null : row
        setView((old) => ({ ...old, top: row }))
      }
    },
    [place, rows, headHeight],
  )
  const showColumn = useCallback(
    (from: number, to: number) => {
      const element = place.current
      if (!element) return
      if (from < element.scrollLeft) element.scrollLeft = from
      else if (to > element.scrollLeft + element.clientWidth) element.scrollLeft = to - element.clientWidth
    },
    [place],
  )
  return { ...view, showTop, showColumn }
}
