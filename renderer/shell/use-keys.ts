import { useEffect, useRef } from 'react'
import { commands } from '../commands/commands.ts'
import { commandOfKey, worksInText } from '../commands/keys.ts'
import { quickInsert } from '../commands/quick-insert.ts'
import { canRun, runCommand } from '../commands/run-command.ts'
import type { Workbench } from '../state/workbench.ts'

/** Turns key presses into commands, and lets the desktop's own menu run them too. */
export function useKeys(workbench: Workbench) {
  const pointerLast = useRef(false)
  useEffect(() => {
    const possible = (command: (typeof commands)[number]) => canRun(command, workbench)
    function pressed(event: KeyboardEvent) {
      const byPointer = pointerLast.current
      pointerLast.current = false
      if (event.defaultPrevented || event.isComposing) return
      const target = event.target as HTMLElement
      const { overlay, quickInsert: inserting, menu, picking } = workbench.view.getState()
      if (overlay !== null || inserting || menu || picking) return
      if (event.key === 'Tab' && byPointer && onCanvas(target) && possible(quickInsert)) {
        event.preventDefault()
        return void runCommand(quickInsert, workbench)
      }
      const command = commandOfKey(commands, event, isText(target), possible)
      if (!command || belongsToControl(event, target)) return
      event.preventDefault()
      void runCommand(command, workbench)
    }
    const pointed = () => {
      pointerLast.current = true
    }
    window.addEventListener('keydown', pressed)
    window.addEventListener('pointerdown', pointed)
    workbench.host.onCommand?.((id) => {
      const command = commands.find((one) => one.id === id)
      if (command) void runCommand(command, workbench)
    })
    return () => {
      window.removeEventListener('keydown', pressed)
      window.removeEventListener('pointerdown', pointed)
    }
  }, [workbench])
}

function isText(element: HTMLElement): boolean {
  if (element.isContentEditable || element.matches('textarea, select')) return true
  return (
    element.matches('input') && !element.matches('[type="checkbox"], [type="radio"], [type="range"], [type="button"]')
  )
}

function onCanvas(element: HTMLElement): boolean {
  return element === document.body || element.closest('.canvas') !== null
}

/** Enter, Space, arrows and Delete on a button, tab or list are its own; on the canvas they are commands. */
function belongsToControl(event: KeyboardEvent, target: HTMLElement): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (!plain || worksInText(event.key)) return false
  if (!/^(Enter| |Arrow\w+|Delete|Backspace|Home|End)$/.test(event.key)) return false
  return !onCanvas(target) || target.matches('button, a, input')
}
