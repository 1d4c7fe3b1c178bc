import { useRef } from 'react'
import { useClosing } from './Popover.tsx'

interface ModalProps {
  readonly label: string
  readonly close: () => void
  readonly wide?: boolean
  readonly children: React.ReactNode
}

/** A dialog in front of the window. */
export function Modal({ label, close, wide = false, children }: ModalProps) {
  const box = useRef<HTMLDivElement>(null)
  useClosing(box, close)
  return (
    <div className="modal-ground">
      <div
        ref={box}
        className="popover modal"
        role="dialog"
        aria-modal="true"
        aria-label={label}
        data-wide={wide || undefined}
      >
        {children}
      </div>
    </div>
  )
}
