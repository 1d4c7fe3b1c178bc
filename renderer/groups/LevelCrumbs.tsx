import './groups.css'
import { leaveGroup } from '../commands/acts/levels.ts'
import { useFile, useLevel, useWorkbench } from '../shell/workbench-context.ts'
import { groupMessages } from './group-messages.ts'
import { levelTitle } from './level-title.ts'

/** The groups we are in, from the pipeline inwards; a click goes back out. */
export function LevelCrumbs() {
  const workbench = useWorkbench()
  const path = useLevel((state) => state.path)
  const document = useFile((state) => state.document)
  if (path.length === 0) return null
  const levels = [[], ...path.map((_, index) => path.slice(0, index + 1))]
  const titles = levels.map((level) => levelTitle(document, level))
  return (
    <nav className="level-crumbs" aria-label={groupMessages.levels}>
      <ol>
        {levels.map((level, depth) => (
          <li key={level.join('/')}>
            {depth < path.length ? (
              <button type="button" onClick={() => leaveGroup(workbench, depth)}>
                {titles[depth]}
              </button>
            ) : (
              <b aria-current="location">{titles[depth]}</b>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
