import type { Menu } from '../state/view-store.ts'
import type { Workbench } from '../state/workbench.ts'

export type CommandGroup = 'run' | 'edit' | 'add' | 'file' | 'view' | 'go'

/** One thing a user can do. Keys, menus, the command palette and the tests read the list of these. */
export interface Command {
  readonly id: string
  readonly label: string
  readonly group: CommandGroup
  /** "Mod+Enter": Mod is the command key on a Mac, else Control. The first is the one shown. */
  readonly keys: readonly string[]
  /** In which context menus it stands. */
  readonly menu?: readonly Menu['about'][]
  /** Whether it can be done now; always when absent. */
  when?(workbench: Workbench): boolean
  run(workbench: Workbench): void | Promise<void>
}
