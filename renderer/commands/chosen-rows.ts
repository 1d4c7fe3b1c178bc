import { keepSlice } from '../selection/keep-slice.ts'
import { selectionMessages } from '../selection/selection-messages.ts'
import type { Workbench } from '../state/workbench.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

const words = selectionMessages.commands
const chosen = (workbench: Workbench) => building(workbench) && workbench.rowSelection.getState().selection !== null

/** Lets go of the rows chosen in tables and charts. */
export function letGo({ rowSelection, notices }: Workbench): void {
  rowSelection.clear()
  notices.say(selectionMessages.cleared, { topic: 'slice' })
}

/** Rows chosen in tables and charts: keep them as a node, or look at them alone. */
export const chosenRowsCommands: readonly Command[] = [
  {
    id: 'keep-chosen-rows',
    label: words.keep,
    group: 'edit',
    keys: ['Alt+K'],
    when: chosen,
    run: keepSlice,
  },
  { id: 'clear-chosen-rows', label: words.clear, group: 'edit', keys: [], when: chosen, run: letGo },
  {
    id: 'show-only-chosen-rows',
    label: words.only,
    group: 'view',
    keys: [],
    when: chosen,
    run: ({ rowSelection }) => rowSelection.showOnly(!rowSelection.getState().only),
  },
]
