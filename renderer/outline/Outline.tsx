import './outline.css'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { type ExpandedDocument, expandGroups } from '#graph/groups/expand-groups'
import { joinIds } from '#graph/groups/group-ids'
import { goToNode } from '../commands/acts/levels.ts'
import { useCatalogue, useFile, useLevel, useView, useWorkbench } from '../shell/workbench-context.ts'
import { samePath } from '../state/level-store.ts'
import { faceGlyph } from '../state/node-face.ts'
import { outlineMessages as words } from './outline-messages.ts'
import { outlineTree, type TreeRow } from './outline-tree.ts'
import { useWholeFace } from './use-whole-face.ts'

/** The pipeline as a tree in step with the canvas: for reading, for hearing, and for going through by keys. */
export function Outline() {
  const document = useFile((state) => state.document)
  const byType = useCatalogue((state) => state.byType)
  const path = useLevel((state) => state.path)
  const selection = useView((state) => state.selection)
  const tree = useRef<HTMLDivElement>(null)
  const { unfolded, fold } = useUnfolded()
  const expanded = useMemo(() => expandGroups(document), [document])
  const rows = useMemo(() => outlineTree(document, byType, (id) => unfolded.has(id)), [document, byType, unfolded])
  const isSelected = (row: TreeRow) => selection.has(row.local) && samePath(row.path, path)
  const first = rows.find(isSelected) ?? rows[0]
  function walk(event: React.KeyboardEvent) {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
    const at = items.indexOf(event.target as HTMLElement)
    const row = rows[at]
    if (!row) return
    if (row.group && event.key === (row.group.open ? 'ArrowLeft' : 'ArrowRight')) fold(row.id, row.group.open)
    else {
      const to = stepOf(event.key, rows, at)
      if (to === undefined) return
      items[to]?.focus()
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <nav className="palette outline" aria-label={words.label}>
      {rows.length === 0 ? (
        <p className="mute">{words.empty}</p>
      ) : (
        <div className="outline-tree" role="tree" ref={tree} aria-label={words.label} onKeyDown={walk}>
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              selected={isSelected(row)}
              entry={row === first}
              expanded={expanded}
              fold={fold}
            />
          ))}
        </div>
      )}
    </nav>
  )
}

/** Which groups are unfolded: those the user opened, and those the canvas has been in. */
function useUnfolded() {
  const path = useLevel((state) => state.path)
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const around = path.map((_, index) => joinIds(...path.slice(0, index + 1)))
    setUnfolded((old) => (around.every((id) => old.has(id)) ? old : new Set([...old, ...around])))
  }, [path])
  const [fold] = useState(() => (id: string, close: boolean) => {
    setUnfolded((old) => new Set(close ? [...old].filter((one) => one !== id) : [...old, id]))
  })
  return { unfolded, fold }
}

/** The row a key leads to: sideways, to the one below which this one stands, or to the first below it. */
function stepOf(key: string, rows: readonly TreeRow[], at: number): number | undefined {
  const { depth } = rows[at]!
  const last = rows.length - 1
  if (key === 'ArrowDown') return Math.min(at + 1, last)
  if (key === 'ArrowUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return last
  if (key === 'ArrowRight') return (rows[at + 1]?.depth ?? 0) > depth ? at + 1 : at
  if (key === 'ArrowLeft')
    return Math.max(
      0,
      rows.slice(0, at).findLastIndex((row) => row.depth < depth),
    )
  return undefined
}

interface RowProps {
  readonly row: TreeRow
  readonly selected: boolean
  /** The one that Tab goes to. */
  readonly entry: boolean
  readonly expanded: ExpandedDocument
  readonly fold: (id: string, close: boolean) => void
}

const Row = memo(function Row({ row, selected, entry, expanded, fold }: RowProps) {
  const workbench = useWorkbench()
  const { view, canvas, level } = workbench
  const element = useRef<HTMLDivElement>(null)
  const face = useWholeFace(row.id, expanded)
  const fact = face.card?.text.replaceAll('*', '') ?? ''
  const { group, title, alsoFrom } = row
  const more = [group && words.inside(group.nodes), fact, alsoFrom.length > 0 && words.alsoFrom(alsoFrom.join(', '))]
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  function choose() {
    if (!samePath(level.getState().path, row.path)) return goToNode(workbench, row.id)
    view.select([row.local])
    canvas.current?.reveal(row.local)
  }
  return (
    <div
      ref={element}
      role="treeitem"
      className="outline-row"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={group?.open}
      aria-label={words.row(title, face.word, more.filter(Boolean).join(', '))}
      tabIndex={entry ? 0 : -1}
      data-state={face.state}
      data-inside={row.path.length > 0 || undefined}
      style={{ paddingInlineStart: `${10 + Math.min(row.depth, 12) * 14}px` }}
      title={fact}
      onFocus={choose}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key === 'Enter') canvas.current?.focus(row.local)
      }}
    >
      <span className="outline-sign" aria-hidden="true">
        {faceGlyph(face.state)}
      </span>
      <span className="outline-title">{title}</span>
      {group && (
        <span
          className="outline-fold"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation()
            fold(row.id, group.open)
          }}
        >
          {group.open ? '▾' : '▸'}
        </span>
      )}
    </div>
  )
})
