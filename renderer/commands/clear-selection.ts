import { messages } from '../shell/messages.ts'
import { leaveGroup } from './acts/levels.ts'
import { building } from './acts/selected.ts'
import { letGo } from './chosen-rows.ts'
import type { Command } from './command.ts'

/** First the rows chosen in tables and charts, then what is selected; with nothing selected out of the group we are in. */
export const clearSelection: Command = {
  id: 'clear-selection',
  label: messages.commands.clear,
  group: 'edit',
  keys: ['Escape'],
  when: (workbench) =>
    building(workbench) &&
    (workbench.rowSelection.getState().selection !== null ||
      workbench.view.getState().selection.size > 0 ||
      workbench.level.getState().path.length > 0),
  run: (workbench) => {
    const { view, rowSelection } = workbench
    if (rowSelection.getState().selection) letGo(workbench)
    else if (view.getState().selection.size > 0) view.select([])
    else leaveGroup(workbench)
  },
}
