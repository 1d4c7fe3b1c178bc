import './groups.css'
import { useRef, useState } from 'react'
import type { PipelineDocument } from '#contract'
import type { LevelPath } from '#graph/groups/levels'
import { levelsShown, showLevels } from '#graph/groups/show-through'
import { useFile, useLevel, useWorkbench } from '../shell/workbench-context.ts'
import { groupMessages } from './group-messages.ts'
import { levelTitle } from './level-title.ts'
import { ShownLevels } from './ShownLevels.tsx'

interface ShareSettingProps {
  readonly node: string
  readonly name: string
  readonly title: string
}

/** Beside a setting: shows it on the groups around, all the way out at once or as far as is chosen; of the pipeline, lets callers set it. */
export function ShareSetting({ node, name, title }: ShareSettingProps) {
  const { file, notices } = useWorkbench()
  const path = useLevel((state) => state.path)
  const at = { path, node, param: name }
  const shown = useFile((state) => levelsShown(state.document, at))
  const outermost = useFile((state) => levelTitle(state.document, path.slice(0, 1)))
  const button = useRef<HTMLButtonElement>(null)
  const [menu, setMenu] = useState<readonly [number, number] | null>(null)
  const depth = path.length
  const all = Math.max(depth, 1)
  const words = sentence(depth, shown < all, outermost)
  function show(levels: number) {
    const said = placeWords(file.getState().document, path, levels, title)
    file.edit(said, (document) => showLevels(document, at, levels))
    if (depth > 0) notices.say(said, { topic: 'level' })
  }
  function toggleMenu() {
    const box = button.current?.getBoundingClientRect()
    setMenu(menu || !box ? null : [box.right - 260, box.bottom + 4])
  }
  return (
    <>
      <button
        type="button"
        className="setting-share"
        aria-pressed={shown >= all}
        aria-label={`${words}: ${title}`}
        title={words}
        onClick={() => show(shown < all ? all : 0)}
      >
        ↥
      </button>
      {depth > 0 && (
        <button
          ref={button}
          type="button"
          className="setting-share"
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          aria-label={[shown > 0 && groupMessages.levelsUp(shown), groupMessages.chooseLevel(title)]
            .filter(Boolean)
            .join(' · ')}
          title={groupMessages.chooseLevel(title)}
          onPointerDown={(event) => menu && event.stopPropagation()}
          onClick={toggleMenu}
        >
          {shown > 0 && <small>{groupMessages.levelsUp(shown)}</small>} ▾
        </button>
      )}
      {menu && (
        <ShownLevels at={menu} path={path} shown={shown} title={title} show={show} close={() => setMenu(null)} />
      )}
    </>
  )
}

function sentence(depth: number, more: boolean, outermost: string): string {
  if (depth === 0) return more ? groupMessages.shareSetting : groupMessages.unshareSetting
  if (!more) return groupMessages.hideSetting
  return depth === 1 ? groupMessages.showSetting : groupMessages.showOutermost(outermost)
}

function placeWords(document: PipelineDocument, path: LevelPath, levels: number, title: string): string {
  const { hide, show, unshare, share } = groupMessages.edits
  if (levels === 0) return path.length === 0 ? unshare(title) : hide(title)
  if (levels > path.length) return share(title)
  return show(title, levelTitle(document, path.slice(0, path.length - levels + 1)))
}
