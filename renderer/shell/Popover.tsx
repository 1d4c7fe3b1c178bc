import { useEffect, useLayoutEffect, useRef } from 'react'

interface PopoverProps {
  /** Where its top left corner would be; it is moved into the window. */
  readonly at: readonly [x: number, y: number]
  readonly width: number
  readonly label: string
  readonly close: () => void
  readonly children: React.ReactNode
}

/** Something that floats at a point; a press elsewhere closes it. */
export function Popover({ at, width, label, close, children }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const { height } = element.getBoundingClientRect()
    const left = Math.max(8, Math.min(at[0], window.innerWidth - width - 8))
    const top = Math.max(8, Math.min(at[1], window.innerHeight - Math.max(height, 120) - 8))
    element.style.left = `${left}px`
    element.style.top = `${top}px`
  })
  useClosing(box, close)
  return (
    <div ref={box} className="popover floating" role="dialog" aria-label={label} style={{ width }}>
      {children}
    </div>
  )
}

/** Closes on Escape and on a press outside; gives the focus back to where it was. */
export function useClosing(box: React.RefObject<HTMLElement | null>, close: () => void) {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    function pressed(event: PointerEvent) {
      if (!box.current?.contains(event.target as Node)) latest.current()
    }
    function escaped(event: KeyboardEvent) {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      latest.current()
    }
    window.addEventListener('pointerdown', pressed, true)
    window.addEventListener('keydown', escaped, true)
    return () => {
      window.removeEventListener('pointerdown', pressed, true)
      window.removeEventListener('keydown', escaped, true)
      if (
        before?.isConnected &&
        (document.activeElement === document.body || box.current?.contains(document.activeElement))
      )
        before.focus({ preventScroll: true })
    }
  }, [box])
}
