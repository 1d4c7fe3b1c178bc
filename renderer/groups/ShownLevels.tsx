import { useEffect, useRef } from 'react'
import type { LevelPath } from '#graph/groups/levels'
import { walkMenu } from '../shell/ContextMenu.tsx'
import { Popover } from '../shell/Popover.tsx'
import { useFile } from '../shell/workbench-context.ts'
import { groupMessages } from './group-messages.ts'
import { levelTitle } from './level-title.ts'

interface ShownLevelsProps {
  readonly at: readonly [x: number, y: number]
  readonly path: LevelPath
  /** How many levels up the setting is shown now. */
  readonly shown: number
  readonly title: string
  readonly show: (levels: number) => void
  readonly close: () => void
}

/** How far out a setting is to be shown: nowhere, on one of the groups around it, or to callers of the pipeline. */
export function ShownLevels({ at, path, shown, title, show, close }: ShownLevelsProps) {
  const document = useFile((state) => state.document)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus(), [])
  const groups = path
    .map((_, index) => groupMessages.onGroup(levelTitle(document, path.slice(0, index + 1))))
    .toReversed()
  const choices = [groupMessages.onlyHere, ...groups, groupMessages.byCallers]
  return (
    <Popover at={at} width={260} label={groupMessages.chooseLevel(title)} close={close}>
      <div className="menu" role="menu" tabIndex={-1} ref={list} onKeyDown={walkMenu}>
        {choices.map((choice, levels) => (
          <button
            key={choice}
            type="button"
            role="menuitem"
            aria-current={levels === shown || undefined}
            onClick={() => {
              close()
              show(levels)
            }}
          >
            {choice}
            {levels === shown && <span aria-hidden="true">✓</span>}
          </button>
        ))}
      </div>
    </Popover>
  )
}
