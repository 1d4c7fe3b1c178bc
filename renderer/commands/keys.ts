import type { Command } from './command.ts'
import { keysOf } from './key-map.ts'

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

export const mac = typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent)

/** Whether a key press is this key: "Mod+Shift+Z", "F2", "?". Shift is left to the character for signs. */
export function matchesKey(event: KeyPress, key: string, onMac = mac): boolean {
  const parts = key.split('+').filter((part) => part !== '')
  const name = key.endsWith('+') ? '+' : (parts.at(-1) ?? '')
  const wants = (modifier: string) =>
    parts.slice(0, -1).includes(modifier) || (key.endsWith('++') && parts.includes(modifier))
  const mod = onMac ? event.metaKey : event.ctrlKey
  const other = onMac ? event.ctrlKey : event.metaKey
  if (mod !== wants('Mod') || other || event.altKey !== wants('Alt')) return false
  const sign = name.length === 1 && !/[a-z0-9]/i.test(name)
  if (!sign && event.shiftKey !== wants('Shift')) return false
  if (event.key.toLowerCase() === name.toLowerCase()) return true
  return /^[a-z]$/i.test(name) && event.altKey && event.code === `Key${name.toUpperCase()}`
}

const macNames: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' }
const names: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  Enter: '↵',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
}

/** A key as it stands on a button: "Ctrl ↵", on a Mac "⌘↵". */
export function keyLabel(key: string, onMac = mac): string {
  const parts = key.endsWith('+') ? [...key.split('+').filter(Boolean), '+'] : key.split('+')
  const shown = parts.map((part) => (onMac ? macNames[part] : undefined) ?? names[part] ?? part)
  return shown.join(onMac ? '' : ' ')
}

/** In a text field only keys with Mod, function keys and Escape are commands. */
export function worksInText(key: string): boolean {
  return key === 'Mod+Enter' || key === 'Mod+K' || key === 'Mod+S' || /^F\d+$/.test(key)
}

/** The command of a key press among those that can be done now. */
export function commandOfKey(
  commands: readonly Command[],
  event: KeyPress,
  inText: boolean,
  possible: (command: Command) => boolean,
): Command | undefined {
  const pressed = (key: string) => (!inText || worksInText(key)) && matchesKey(event, key)
  return commands.find((command) => keysOf(command).some(pressed) && possible(command))
}
