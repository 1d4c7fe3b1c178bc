import { describe, expect, it } from 'vitest'
import { commands } from './commands.ts'
import { commandOfKey, keyLabel, matchesKey } from './keys.ts'
import { press } from './press.test-support.ts'

describe('commands', () => {
  it('have ids of their own, a label and a key or a place in a list', () => {
    const ids = commands.map((command) => command.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const command of commands) expect(command.label, command.id).not.toBe('')
  })

  it('never share a key', () => {
    const keys = commands.flatMap((command) => command.keys)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  })
})

describe('keys', () => {
  it('tell modifiers apart, on every system', () => {
    expect(matchesKey(press('Enter', { ctrlKey: true }), 'Mod+Enter', false)).toBe(true)
    expect(matchesKey(press('Enter', { metaKey: true }), 'Mod+Enter', true)).toBe(true)
    expect(matchesKey(press('Enter', { ctrlKey: true }), 'Mod+Enter', true)).toBe(false)
    expect(matchesKey(press('Enter'), 'Mod+Enter', false)).toBe(false)
    expect(matchesKey(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false)
    expect(matchesKey(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', false)).toBe(true)
  })

  it('take signs as they are typed', () => {
    expect(matchesKey(press('?', { shiftKey: true }), '?', false)).toBe(true)
    expect(matchesKey(press('+', { shiftKey: true }), '+', false)).toBe(true)
    expect(matchesKey(press('+', { ctrlKey: true, shiftKey: true }), 'Mod++', false)).toBe(true)
    expect(matchesKey(press('+'), 'Mod++', false)).toBe(false)
    expect(matchesKey(press('/'), '/', false)).toBe(true)
  })

  it('leave text fields alone, but for a few', () => {
    const find = (key: string, inText: boolean, more = {}) =>
      commandOfKey(commands, press(key, more), inText, () => true)?.id
    expect(find('Delete', true)).toBeUndefined()
    expect(find('z', true, { ctrlKey: true })).toBeUndefined()
    expect(find('t', true)).toBeUndefined()
    expect(find('Enter', true, { ctrlKey: true })).toBe('run')
    expect(find('t', false)).toBe('tidy')
    expect(find('z', false, { ctrlKey: true })).toBe('undo')
  })

  it('read well', () => {
    expect(keyLabel('Mod+Enter', false)).toBe('Ctrl ↵')
    expect(keyLabel('Mod+Shift+Z', true)).toBe('⌘⇧Z')
    expect(keyLabel('Mod++', false)).toBe('Ctrl +')
  })
})
