import { describe, expect, it } from 'vitest'
import { commands } from './commands.ts'
import { holderOf, keyOfPress, keysIn, withKey, withUsualKeys } from './key-map.ts'
import { matchesKey } from './keys.ts'
import { press } from './press.test-support.ts'

const command = (id: string) => commands.find((one) => one.id === id)!

describe('keys of the user', () => {
  it('go from one command to another, and back', () => {
    const map = withKey({}, commands, 'tidy', 'Mod+Z')
    expect(keysIn(map, command('tidy'))).toEqual(['Mod+Z'])
    expect(keysIn(map, command('undo'))).toEqual([])
    expect(holderOf(map, commands, 'Mod+Z', 'undo')?.id).toBe('tidy')
    expect(holderOf({}, commands, 'Mod+Z', 'undo')).toBeUndefined()
    const back = withUsualKeys(map, commands, 'undo')
    expect(keysIn(back, command('undo'))).toEqual(['Mod+Z'])
    expect(keysIn(back, command('tidy'))).toEqual([])
    expect(withKey(withKey({}, commands, 'save', 'Mod+Q'), commands, 'save', 'Mod+S')).toEqual({})
  })

  it('are written as they match', () => {
    const pressed = [
      press('Q', { ctrlKey: true, shiftKey: true }),
      press('?', { shiftKey: true }),
      press('+', { ctrlKey: true, shiftKey: true }),
      press('å', { altKey: true, code: 'KeyA' }),
      press('F4'),
      press('ArrowUp', { ctrlKey: true }),
      press('ö'),
    ]
    const written = pressed.map((event) => keyOfPress(event, false))
    expect(written).toEqual(['Mod+Shift+Q', '?', 'Mod++', 'Alt+A', 'F4', 'Mod+ArrowUp', 'Ö'])
    pressed.forEach((event, index) => {
      expect(matchesKey(event, written[index]!, false), written[index]).toBe(true)
    })
    expect(keyOfPress(press('k', { metaKey: true }), true)).toBe('Mod+K')
    for (const key of ['Shift', 'Control', 'Escape', 'Tab', ' ']) expect(keyOfPress(press(key), false)).toBeUndefined()
  })
})
