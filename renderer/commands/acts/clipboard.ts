import { groupAt } from '#graph/groups/levels'
import { groupMessages } from '../../groups/group-messages.ts'
import { messages } from '../../shell/messages.ts'
import { copyNodes, type Fragment, parseFragment, pasteNodes, printFragment } from '../../state/edits/paste-nodes.ts'
import type { Workbench } from '../../state/workbench.ts'
import { selectedNodes } from './selected.ts'

/** Used where the browser does not let a page read the clipboard. */
let kept: Fragment | null = null
let pastes = 0

export async function copySelection(workbench: Workbench): Promise<void> {
  const ids = selectedNodes(workbench)
  kept = copyNodes(workbench.documents.getState().document, ids)
  pastes = 0
  workbench.notices.say(messages.notices.copied(ids.size))
  await navigator.clipboard?.writeText(printFragment(kept)).catch(() => {})
}

export async function pasteClipboard(workbench: Workbench): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => '')
  const fragment = parseFragment(text ?? '') ?? kept
  if (fragment) addFragment(workbench, fragment, messages.edits.paste, ++pastes)
}

export function addFragment(workbench: Workbench, fragment: Fragment, label: string, times = 1): void {
  const here = groupAt(workbench.file.getState().document, workbench.level.getState().path)
  if (here !== undefined && Object.hasOwn(fragment.groups ?? {}, here))
    return void workbench.notices.say(groupMessages.wouldHoldItself, { tone: 'bad' })
  let ids: readonly string[] = []
  workbench.documents.edit(label, (document) => {
    const pasted = pasteNodes(document, fragment, [44 * times, 44 * times])
    ids = pasted.ids
    return pasted.document
  })
  workbench.view.select(ids)
}
