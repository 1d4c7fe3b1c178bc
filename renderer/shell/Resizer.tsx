import { useWorkbench } from './workbench-context.ts'

interface ResizerProps {
  readonly label: string
  /** Which size it changes, and on which side of the panel it lies. */
  readonly what: 'inspectorWidth' | 'dockHeight'
  readonly size: number
  readonly least: number
  readonly most: number
}

const keyStep = 24

/** The edge of a panel, to drag or to move with the arrow keys. */
export function Resizer({ label, what, size, least, most }: ResizerProps) {
  const { view } = useWorkbench()
  const across = what === 'inspectorWidth'
  const set = (wished: number) => view.set({ [what]: Math.round(Math.min(most, Math.max(least, wished))) })
  function drag(event: React.PointerEvent<HTMLDivElement>) {
    const start = across ? event.clientX : event.clientY
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const move = (moved: PointerEvent) => set(size + start - (across ? moved.clientX : moved.clientY))
    const end = () => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', end)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', end)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule can not be moved
    <div
      className="resizer"
      data-across={across || undefined}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={across ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={drag}
      onDoubleClick={() => set(across ? 330 : 250)}
      onKeyDown={(event) => {
        const grow = across ? 'ArrowLeft' : 'ArrowUp'
        const shrink = across ? 'ArrowRight' : 'ArrowDown'
        if (event.key !== grow && event.key !== shrink) return
        event.preventDefault()
        event.stopPropagation()
        set(size + (event.key === grow ? keyStep : -keyStep))
      }}
    />
  )
}
