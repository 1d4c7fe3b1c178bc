import './groups.css'
import { hideSetting, showSetting } from '#graph/groups/group-acts'
import { useDocument, useLevel, useWorkbench } from '../shell/workbench-context.ts'
import { groupMessages } from './group-messages.ts'

/** Beside a setting: lets it be set from outside, on the group's own form or, of the pipeline, by its callers. */
export function ShareSetting({ node, name, title }: { node: string; name: string; title: string }) {
  const { documents } = useWorkbench()
  const inside = useLevel((state) => state.path.length > 0)
  const shown = useDocument((state) => Object.values(state.document.inputs).includes(`${node}.${name}`))
  const label = shown
    ? inside
      ? groupMessages.hideSetting
      : groupMessages.unshareSetting
    : inside
      ? groupMessages.showSetting
      : groupMessages.shareSetting
  const { hide, show, unshare, share } = groupMessages.edits
  const edit = shown ? (inside ? hide : unshare) : inside ? show : share
  return (
    <button
      type="button"
      className="setting-share"
      aria-pressed={shown}
      aria-label={`${label}: ${title}`}
      title={label}
      onClick={() =>
        documents.edit(edit(title), (document) => (shown ? hideSetting : showSetting)(document, node, name))
      }
    >
      ↥
    </button>
  )
}
