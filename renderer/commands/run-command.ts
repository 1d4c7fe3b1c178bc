import type { Workbench } from '../state/workbench.ts'
import type { Command } from './command.ts'

export function canRun(command: Command, workbench: Workbench): boolean {
  return command.when?.(workbench) ?? true
}

/** Runs a command if it can be done now; what it throws is said to the user. */
export async function runCommand(command: Command, workbench: Workbench): Promise<void> {
  if (!canRun(command, workbench)) return
  try {
    await command.run(workbench)
  } catch (error) {
    workbench.notices.complain(error)
  }
}
