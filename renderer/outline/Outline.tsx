import './outline.css'
import { useMemo, useRef } from 'react'
import { useNodeFace } from '../canvas/use-node-face.ts'
import { useCatalogue, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { faceGlyph } from '../state/node-face.ts'
import { outlineMessages as words } from './outline-messages.ts'
import { type OutlineRow, outlineRows } from './outline-rows.ts'

/** The pipeline as a tree in step with the canvas: for reading, for hearing, and for going through by keys. */
export function Outline() {
  const document = useDocument((state) => state.document)
  const byType = useCatalogue((state) => state.byType)
  const tree = useRef<HTMLDivElement>(null)
  const rows = useMemo(
    () => outlineRows(document, (type) => Object.keys(byType.get(type)?.inputs ?? {})),
    [document, byType],
  )
  function walk(event: React.KeyboardEvent) {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
    const at = items.indexOf(event.target as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    event.stopPropagation()
    items[to]?.focus()
  }
  return (
    <nav className="palette outline" aria-label={words.label}>
      {rows.length === 0 ? (
        <p className="mute">{words.empty}</p>
      ) : (
        <div className="outline-tree" role="tree" ref={tree} aria-label={words.label} onKeyDown={walk}>
          {rows.map((row, index) => (
            <Row key={row.id} row={row} first={index === 0} />
          ))}
        </div>
      )}
    </nav>
  )
}

function Row({ row, first }: { row: OutlineRow; first: boolean }) {
  const { view, canvas } = useWorkbench()
  const document = useDocument((state) => state.document)
  const byType = useCatalogue((state) => state.byType)
  const selected = useView((state) => state.selection.has(row.id))
  const none = useView((state) => state.selection.size === 0)
  const face = useNodeFace(row.id)
  const title = nodeTitle(document, byType, row.id)
  const others = row.alsoFrom.map((id) => nodeTitle(document, byType, id)).join(', ')
  const fact = face.card?.text.replaceAll('*', '') ?? ''
  function choose() {
    view.select([row.id])
    canvas.current?.reveal(row.id)
  }
  return (
    <div
      role="treeitem"
      className="outline-row"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-label={words.row(title, face.word, [fact, others && words.alsoFrom(others)].filter(Boolean).join(', '))}
      tabIndex={selected || (first && none) ? 0 : -1}
      data-state={face.state}
      style={{ paddingInlineStart: `${10 + Math.min(row.depth, 12) * 14}px` }}
      title={fact}
      onFocus={choose}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key === 'Enter') canvas.current?.focus(row.id)
      }}
    >
      <span className="outline-sign" aria-hidden="true">
        {faceGlyph(face.state)}
      </span>
      <span className="outline-title">{title}</span>
    </div>
  )
}
