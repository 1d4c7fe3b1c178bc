import { createStore } from 'zustand/vanilla'
import type { Command } from './command.ts'

/** Keys that the user has given to commands instead of the usual ones, by command; none for a command without a key. */
export type KeyMap = Readonly<Record<string, readonly string[]>>

const storageKey = 'plumbline.keys'

function read(): KeyMap {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    const lists = Object.entries(kept).filter(
      ([, keys]) => Array.isArray(keys) && keys.every((key) => typeof key === 'string'),
    )
    return Object.fromEntries(lists) as KeyMap
  } catch {
    return {}
  }
}

/** Kept on this computer only. */
export const keyMap = createStore<KeyMap>(() => read())

export function rememberKeys(map: KeyMap): void {
  keyMap.setState(map, true)
  localStorage.setItem(storageKey, JSON.stringify(map))
}

type Keyed = Pick<Command, 'id' | 'keys'>

export const keysIn = (map: KeyMap, { id, keys }: Keyed): readonly string[] => map[id] ?? keys
export const keysOf = (command: Keyed): readonly string[] => keysIn(keyMap.getState(), command)

/** Who has a key now, other than the command that asks for it. */
export function holderOf<C extends Keyed>(map: KeyMap, commands: readonly C[], key: string, besides: string) {
  return commands.find((command) => command.id !== besides && keysIn(map, command).includes(key))
}

/** Gives a command one key and takes it from whoever had it. A command with its usual keys is not kept. */
export function withKey(map: KeyMap, commands: readonly Keyed[], id: string, key: string): KeyMap {
  const next: Record<string, readonly string[]> = { ...map, [id]: [key] }
  for (const command of commands)
    if (command.id !== id && keysIn(map, command).includes(key))
      next[command.id] = keysIn(map, command).filter((other) => other !== key)
  const usual = new Map(commands.map((command) => [command.id, command.keys.join(' ')]))
  return Object.fromEntries(Object.entries(next).filter(([of, keys]) => usual.get(of) !== keys.join(' ')))
}

/** A command's usual keys again, taken back from whoever has them now. */
export function withUsualKeys(map: KeyMap, commands: readonly Keyed[], id: string): KeyMap {
  const own = commands.find((command) => command.id === id)?.keys ?? []
  const { [id]: _, ...rest } = map
  const others = Object.entries(rest).map(([of, keys]) => [of, keys.filter((key) => !own.includes(key))] as const)
  return Object.fromEntries(others)
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** A key press as a key is written: "Mod+Shift+Z". Undefined for a modifier alone, and for keys that stay what they are. */
export function keyOfPress(event: KeyPress, onMac: boolean): string | undefined {
  if (/^(Control|Shift|Alt|Meta|AltGraph|Tab|Escape| |Dead|Process|Unidentified)$/.test(event.key)) return undefined
  if (onMac ? event.ctrlKey : event.metaKey) return undefined
  // With Alt some keyboards write another sign: the key itself is meant.
  const name = (event.altKey ? /^Key([A-Z])$/.exec(event.code)?.[1] : undefined) ?? event.key
  const sign = name.length === 1 && !/[a-z0-9]/i.test(name)
  const modifiers = [
    ...((onMac ? event.metaKey : event.ctrlKey) ? ['Mod'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey && !sign ? ['Shift'] : []),
  ]
  return [...modifiers, name.length === 1 ? name.toUpperCase() : name].join('+')
}
