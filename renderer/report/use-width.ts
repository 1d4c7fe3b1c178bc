import { type RefObject, useEffect, useState } from 'react'

/** Width of an element in steps of eight pixels, so that charts are not redrawn for each pixel of a drag. */
export function useWidth(element: RefObject<HTMLElement | null>, first: number): number {
  const [width, setWidth] = useState(first)
  useEffect(() => {
    const target = element.current
    if (!target) return
    const measure = () => {
      const room = Math.floor(target.clientWidth / 8) * 8
      if (room > 0) setWidth(room)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])
  return width
}
